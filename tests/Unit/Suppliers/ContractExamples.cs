using Lianka.Kernel;
using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Core;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class ContractExamples
{
    private static readonly DateTimeOffset _today = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private static Contract Of(long id, int fromDay, ContractState state = ContractState.Accepted, long supplier = 30, string products = "") =>
        new() { Id = id, SupplierId = new SupplierId(supplier), From = _today.AddDays(fromDay), State = state, Products = products };

    [Theory]
    [InlineData(0, null, "0", "0", "")]
    [InlineData(-1, null, "0", "0", "from:past")]
    [InlineData(3, 4, "0", "0", "from:before_last")]
    [InlineData(4, 4, "5000", "31536000", "")]
    [InlineData(0, null, "5001", "31536001", "commission_bps:out_of_range hold_seconds:out_of_range")]
    [InlineData(0, null, "-1", "", "commission_bps:not_a_number hold_seconds:required")]
    public void A_version_is_refused_field_by_field(int fromDay, int? last, string bps, string hold, string errors)
    {
        var draft = new ContractDraft { From = _today.AddDays(fromDay), CommissionBps = bps, HoldSeconds = hold, Regions = " GD ,,BJ, GD" };
        var (value, found) = ContractRules.Check(draft, [new ProductId(7), new ProductId(5), new ProductId(7)], _today, last is { } day ? _today.AddDays(day) : null);
        string.Join(' ', found.Select(e => $"{e.Field}:{e.Code}")).ShouldBe(errors);
        value.Regions.ShouldBe("GD,BJ");
        value.ProductIds.ShouldBe([new ProductId(5), new ProductId(7)]);
    }

    [Fact]
    public void The_last_version_that_has_begun_and_was_accepted_is_in_force()
    {
        Contract[] versions = [Of(1, -9), Of(2, -3), Of(3, -3), Of(4, -1, ContractState.Declined), Of(5, 2), Of(6, -1, ContractState.Waiting)];
        ContractRules.InForce(versions, _today)!.Id.ShouldBe(3);
        ContractRules.InForce(versions, _today.AddDays(2))!.Id.ShouldBe(5, "from its first moment on");
        ContractRules.InForce(versions, _today.AddDays(2).AddMicroseconds(-1))!.Id.ShouldBe(3);
        ContractRules.InForce(versions, _today.AddDays(-10)).ShouldBeNull();
    }

    [Fact]
    public void Goods_promised_to_two_are_the_ones_who_agreed_first()
    {
        var exclusives = ContractRules.Exclusives([Of(8, 0, supplier: 31, products: $"{new ProductId(5)}"), Of(7, 0, products: $"{new ProductId(5)},{new ProductId(6)}")]);
        exclusives.Select(e => (e.ProductId.Value, e.SupplierId.Value)).ShouldBe([(5, 30), (6, 30)]);
    }
}
