using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts;
using Lianka.Platform.Http;

namespace Lianka.Tests.Unit.Storefronts;

/// <summary>Why a buyer gets nothing, when the reason is not an empty shelf.</summary>
public sealed class RefusalExamples
{
    private static string Of(string? detail, Language language) => new Texts(language).Refusal(new OrderDecision.Refused(Refusal.StockShort, detail));

    [Fact]
    public void Stock_that_others_are_paying_for_is_told_from_stock_that_is_gone()
    {
        Of("held_by_unpaid", Language.En).ShouldContain("in a few minutes");
        Of("held_by_unpaid", Language.Zh).ShouldContain("正有人在付款");
        Of("too_many_unpaid", Language.En).ShouldContain("unpaid orders");
        Of("too_many_unpaid", Language.Zh).ShouldContain("没付款");
        Of(null, Language.En).ShouldContain("Try fewer");
    }
}
