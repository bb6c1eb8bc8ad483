using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class SplitExamples
{
    /// <param name="ancestors">"id:unit id:unit", nearest first.</param>
    /// <param name="delivered">"supplier:cost*units …".</param>
    private static string Split(string unit, string merchant, string ancestors, string top, string fee, string delivered)
    {
        var result = Modules.Agents.Split.Of(
            Money.Parse(unit), Money.Parse(merchant),
            [.. Parts(ancestors).Select(a => new AncestorShare(new(long.Parse(a[0])), Money.Parse(a[1])))],
            Money.Parse(top), Money.Parse(fee), new MerchantId(9),
            [.. Parts(delivered).Select(d => d[1].Split('*') is [var cost, var units]
                ? new Supplied(new(long.Parse(d[0])), Money.Parse(cost), long.Parse(units))
                : throw new FormatException(d[1]))]);
        return string.Join(" ", result.Shares.Select(s => $"{s.Role}{(s.PartyId == 0 ? "" : s.PartyId)}:{s.Amount}"))
            + (result.Subsidy.IsZero ? "" : $" subsidy:{result.Subsidy}") + (result.FeeOwed.IsZero ? "" : $" owed:{result.FeeOwed}");
    }

    private static IEnumerable<string[]> Parts(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(':'));

    [Theory]
    // Wallet orders: the payer is the merchant, so there is no margin and no fee.
    [InlineData("no ancestor", "46.1000", "46.1000", "", "46.1000", "0", "1:45.2500*3",
        "Supplier1:135.7500 Platform:2.5500")]
    [InlineData("one ancestor", "46.6500", "46.6500", "2:0.5500", "46.1000", "0", "1:45.2500*3",
        "Supplier1:135.7500 Ancestor2:1.6500 Platform:2.5500")]
    [InlineData("two ancestors", "47.3050", "47.3050", "3:0.6550 2:0.5500", "46.1000", "0", "1:45.2500*1",
        "Supplier1:45.2500 Ancestor3:0.6550 Ancestor2:0.5500 Platform:0.8500")]
    [InlineData("three ancestors", "48.0000", "48.0000", "4:0.6950 3:0.6550 2:0.5500", "46.1000", "0", "1:45.2500*2",
        "Supplier1:90.5000 Ancestor4:1.3900 Ancestor3:1.3100 Ancestor2:1.1000 Platform:1.7000")]
    [InlineData("inverted: the parent earns nothing", "46.3000", "46.3000", "3:0 2:0.2000", "46.1000", "0", "1:45.2500*10",
        "Supplier1:452.5000 Ancestor2:2.0000 Platform:8.5000")]
    [InlineData("cost exactly what reaches the platform", "46.1000", "46.1000", "", "46.1000", "0", "1:46.1000*2",
        "Supplier1:92.2000")]
    [InlineData("two suppliers", "46.1000", "46.1000", "", "46.1000", "0", "1:45.2500*2 2:44.0000*3",
        "Supplier1:90.5000 Supplier2:132.0000 Platform:8.0000")]
    [InlineData("one supplier at two costs", "46.1000", "46.1000", "", "46.1000", "0", "1:45.2500*2 1:44.0000*3",
        "Supplier1:222.5000 Platform:8.0000")]
    [InlineData("a supplier whose number is an ancestor's", "46.6500", "46.6500", "1:0.5500", "46.1000", "0", "1:45.2500*1",
        "Supplier1:45.2500 Ancestor1:0.5500 Platform:0.8500")]
    // Promotions: below cost the promotion's account pays the difference, unit by unit.
    [InlineData("promotion below cost", "41.4900", "41.4900", "", "41.4900", "0", "1:45.2500*2",
        "Supplier1:90.5000 subsidy:7.5200")]
    [InlineData("promotion below one cost of two", "45.0000", "45.0000", "", "45.0000", "0", "1:45.2500*2 2:44.0000*3",
        "Supplier1:90.5000 Supplier2:132.0000 Platform:3.0000 subsidy:0.5000")]
    [InlineData("promotion with an ancestor", "41.9850", "41.9850", "2:0.4950", "41.4900", "0", "1:45.2500*1",
        "Supplier1:45.2500 Ancestor2:0.4950 subsidy:3.7600")]
    // Retail: the merchant earns R − price(m) − fee.
    [InlineData("retail with fee", "49.5000", "47.3050", "3:0.6550 2:0.5500", "46.1000", "0.3000", "1:45.2500*1",
        "Supplier1:45.2500 Ancestor3:0.6550 Ancestor2:0.5500 Merchant9:1.8950 Fees:0.3000 Platform:0.8500")]
    [InlineData("retail at price(m) without fee", "46.1000", "46.1000", "", "46.1000", "0", "1:45.2500*1",
        "Supplier1:45.2500 Platform:0.8500")]
    [InlineData("fee just below the margin", "47.0000", "46.1000", "", "46.1000", "0.8999", "1:45.2500*1",
        "Supplier1:45.2500 Merchant9:0.0001 Fees:0.8999 Platform:0.8500")]
    [InlineData("fee exactly the margin", "47.0000", "46.1000", "", "46.1000", "0.9000", "1:45.2500*1",
        "Supplier1:45.2500 Fees:0.9000 Platform:0.8500")]
    [InlineData("fee just above the margin", "47.0000", "46.1000", "", "46.1000", "0.9001", "1:45.2500*1",
        "Supplier1:45.2500 Fees:0.9000 Platform:0.8500 owed:0.0001")]
    [InlineData("fee of the whole order on a partial delivery", "47.0000", "46.1000", "", "46.1000", "2.0000", "1:45.2500*2",
        "Supplier1:90.5000 Fees:1.8000 Platform:1.7000 owed:0.2000")]
    [InlineData("nothing delivered, the fee is kept by the channel", "47.0000", "46.1000", "", "46.1000", "2.0000", "",
        " owed:2.0000")]
    [InlineData("nothing delivered, no fee", "47.0000", "46.1000", "", "46.1000", "0", "", "")]
    [InlineData("retail, promotion below cost, fee", "45.0000", "41.9850", "2:0.4950", "41.4900", "0.2700", "1:45.2500*2",
        "Supplier1:90.5000 Ancestor2:0.9900 Merchant9:5.7600 Fees:0.2700 subsidy:7.5200")]
    public void Worked_example(
        string what, string unit, string merchant, string ancestors, string top, string fee, string delivered, string expected) =>
        Split(unit, merchant, ancestors, top, fee, delivered).ShouldBe(expected, what);

    [Theory]
    [InlineData("chain too short", "46.6500", "46.6500", "2:0.5000", "46.1000", "0", "1:45*1")]
    [InlineData("chain too long", "46.6500", "46.6500", "2:0.6000", "46.1000", "0", "1:45*1")]
    [InlineData("negative ancestor", "46.0000", "46.0000", "2:-0.1000", "46.1000", "0", "1:45*1")]
    [InlineData("buyer below merchant", "46.0999", "46.1000", "", "46.1000", "0", "1:45*1")]
    [InlineData("negative fee", "46.1000", "46.1000", "", "46.1000", "-0.0001", "1:45*1")]
    [InlineData("negative top", "1.0000", "1.0000", "2:2.0000", "-1.0000", "0", "1:45*1")]
    [InlineData("cost zero", "46.1000", "46.1000", "", "46.1000", "0", "1:0*1")]
    [InlineData("no units", "46.1000", "46.1000", "", "46.1000", "0", "1:45*0")]
    public void Amounts_that_cannot_be_are_a_bug(
        string what, string unit, string merchant, string ancestors, string top, string fee, string delivered) =>
        Should.Throw<ArgumentException>(() => Split(unit, merchant, ancestors, top, fee, delivered), what);
}
