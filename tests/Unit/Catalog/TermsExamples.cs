using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;

namespace Lianka.Tests.Unit.Catalog;

public sealed class TermsExamples
{
    [Theory]
    [InlineData("40", 0, false, "40.0000")]
    [InlineData("40", 500, false, "38.0000")]
    [InlineData("9.9850", 150, false, "9.8353")] // 0.149775: rounded down, for the supplier.
    [InlineData("0.0001", 5000, false, "0.0001")]
    [InlineData("0.0003", 5000, false, "0.0002")]
    [InlineData("9000000000000", 5000, false, "4500000000000.0000")]
    [InlineData("40", 500, true, "40.0000")]
    public void A_supplier_is_owed_its_cost_less_the_commission(string cost, long bps, bool isConnected, string owed) =>
        TermsRule.Owed(Money.Parse(cost), bps, isConnected).ToString().ShouldBe(owed);

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("GD,BJ", "", "GD BJ", "")]
    [InlineData("", "GD, BJ", "GD BJ", "")]
    [InlineData("GD,SH", "BJ,GD", "GD", "SH")]
    [InlineData("SH", "BJ,GD", null, "SH")]
    public void A_supply_serves_no_region_that_the_contract_does_not_have(string own, string agreed, string? served, string not)
    {
        (TermsRule.Regions(own, agreed) is { } regions ? string.Join(' ', regions) : null).ShouldBe(served);
        string.Join(' ', TermsRule.NotAgreed(own, agreed)).ShouldBe(not);
    }
}
