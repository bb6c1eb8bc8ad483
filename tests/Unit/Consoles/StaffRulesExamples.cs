using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Core;

namespace Lianka.Tests.Unit.Consoles;

public sealed class StaffRulesExamples
{
    private static Rights Of(string codes) => codes == "all" ? Rights.All : Rights.Of(codes.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory] // actor                        touched                     left with                    answer
    [InlineData("all", "all", "all", null)]
    [InlineData("all", "orders.see", "staff.manage", null)]
    [InlineData("orders.see staff.manage", "orders.see", "staff.manage", null)]
    [InlineData("orders.see staff.manage", "", "staff.manage", null)]
    [InlineData("orders.see", "orders.see", "all", StaffRefusal.NotPermitted)]
    [InlineData("orders.see staff.manage", "orders.refund", "all", StaffRefusal.AboveYou)]
    [InlineData("orders.see staff.manage", "all", "all", StaffRefusal.AboveYou)]
    [InlineData("all", "all", "orders.see", StaffRefusal.NobodyLeft)]
    public void A_change_among_staff(string actor, string touched, string left, StaffRefusal? expected) =>
        StaffRules.Decide(Permissions.StaffManage, new StaffMember(1, Of(actor), true), [Of(touched)], [new StaffMember(2, Of(left), true)]).ShouldBe(expected);

    [Fact]
    public void Who_is_switched_off_neither_decides_nor_counts_as_left()
    {
        StaffRules.Decide(Permissions.StaffManage, new StaffMember(1, Rights.All, false), [], [new StaffMember(2, Rights.All, true)]).ShouldBe(StaffRefusal.NotPermitted);
        StaffRules.Decide(Permissions.StaffManage, null, [], [new StaffMember(2, Rights.All, true)]).ShouldBe(StaffRefusal.NotPermitted);
        StaffRules.Decide(Permissions.StaffManage, new StaffMember(1, Rights.All, true), [], [new StaffMember(1, Rights.All, false)]).ShouldBe(StaffRefusal.NobodyLeft);
    }

    [Fact]
    public void Codes_are_kept_in_order_and_once_and_a_part_of_a_code_is_none()
    {
        Rights.Of(["b.see", "a.see", "b.see"]).Codes.ShouldBe("a.see b.see");
        Rights.Of(["orders.see"]).Has("orders").ShouldBeFalse();
        Rights.Of([]).Covers(Rights.Of([])).ShouldBeTrue();
        Rights.Of(Permissions.AllOf(Roles.Operator).Select(p => p.Code)).Covers(Rights.All).ShouldBeFalse("everything is also what is still to be thought of");
    }

    [Theory]
    [InlineData(Roles.Operator, "")]
    [InlineData(Roles.Merchant, "merchant.")]
    [InlineData(Roles.Supplier, "supplier.")]
    public void Each_role_has_permissions_of_its_own_and_one_of_them_manages_its_people(string role, string begins)
    {
        var codes = Permissions.AllOf(role).Select(p => p.Code).ToList();
        codes.ShouldContain(Permissions.ManageStaffOf(role));
        codes.ShouldAllBe(c => c.StartsWith(begins, StringComparison.Ordinal));
        codes.ShouldAllBe(c => Permissions.IsKnown(c));
        if (role == Roles.Operator) codes.Count(c => c.StartsWith("merchant.", StringComparison.Ordinal) || c.StartsWith("supplier.", StringComparison.Ordinal)).ShouldBe(0);
    }

    [Theory]
    [InlineData("merchant.money.see merchant.money.add merchant.staff.manage", false)]
    [InlineData("merchant.money.move", true)]
    [InlineData("supplier.money.payout", true)]
    [InlineData("supplier.bank.edit", true)]
    [InlineData("all", true)]
    public void Money_leaves_by_who_withdraws_or_names_the_account(string codes, bool expected) => Of(codes).PayOut.ShouldBe(expected);
}
