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
        StaffRules.Decide(new StaffMember(1, Of(actor), true), [Of(touched)], [new StaffMember(2, Of(left), true)]).ShouldBe(expected);

    [Fact]
    public void Who_is_switched_off_neither_decides_nor_counts_as_left()
    {
        StaffRules.Decide(new StaffMember(1, Rights.All, false), [], [new StaffMember(2, Rights.All, true)]).ShouldBe(StaffRefusal.NotPermitted);
        StaffRules.Decide(null, [], [new StaffMember(2, Rights.All, true)]).ShouldBe(StaffRefusal.NotPermitted);
        StaffRules.Decide(new StaffMember(1, Rights.All, true), [], [new StaffMember(1, Rights.All, false)]).ShouldBe(StaffRefusal.NobodyLeft);
    }

    [Fact]
    public void Codes_are_kept_in_order_and_once_and_a_part_of_a_code_is_none()
    {
        Rights.Of(["b.see", "a.see", "b.see"]).Codes.ShouldBe("a.see b.see");
        Rights.Of(["orders.see"]).Has("orders").ShouldBeFalse();
        Rights.Of([]).Covers(Rights.Of([])).ShouldBeTrue();
        Rights.Of(Permissions.All.Select(p => p.Code)).Covers(Rights.All).ShouldBeFalse("everything is also what is still to be thought of");
    }
}
