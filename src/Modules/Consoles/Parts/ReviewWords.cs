using Lianka.Kernel;
using Lianka.Modules.Reviews;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Buyers' reviews in words and as a table, for merchants and operators.</summary>
internal static class ReviewWords
{
    private const int PageSize = 50;

    public static (string Text, string Tone) State(Review review, Language language) => review switch
    {
        { RefundedAt: not null } => (language.Pick("已退款，不计入", "Refunded, does not count"), ""),
        { State: ReviewStatus.Waiting } => (language.Pick("等审核", "Waiting"), "waiting"),
        { State: ReviewStatus.Hidden } => (language.Pick("已隐藏", "Hidden"), "warning"),
        _ => (language.Pick("已显示", "Shown"), "ok"),
    };

    public static string Stars(Review review, Language language) => language.Pick($"{review.Stars} 星", review.Stars == 1 ? "1 star" : $"{review.Stars} stars");

    /// <param name="merchant">Null: of all merchants, for the operator.</param>
    /// <param name="root">Where the pages of the reviews are; below it their order.</param>
    /// <param name="choose">Adds what can be done to chosen rows.</param>
    public static async Task<Table> TableAsync(
        ConsolePage page, ReviewDesk reviews, Names names, MerchantId? merchant, bool waitingOnly, string root, Func<TableOf<Review>, TableOf<Review>>? choose = null)
    {
        var language = page.Language;
        var list = await reviews.ListAsync(merchant, waitingOnly, OrderId.TryParse(page.Request.Query["before"].ToString(), out var last) ? last : null, PageSize);
        var skus = await names.SkusAsync(list.Select(r => r.SkuId));
        var building = Table.Of(list, page.T("评价，新订单的在前", "Reviews, of the newest orders first"))
            .Column(page.T("评价", "Review"), r => new Cell(Stars(r, language), $"{root}/{r.OrderId}", r.Text.Length > 60 ? r.Text[..60] + "…" : r.Text))
            .Column(page.T("商品", "Goods"), r => new Cell(Names.Sku(skus.GetValueOrDefault(r.SkuId), language)));
        if (merchant is null) building.Column(page.T("代理", "Merchant"), r => names.Merchant(r.MerchantId, language));
        building
            .Column(page.T("写于", "Written"), r => page.When(r.ChangedAt ?? r.CreatedAt))
            .Badge(page.T("状态", "State"), r => State(r, language))
            .Column(page.T("回复", "Answer"), r => r.AnsweredAt is { } at ? page.When(at) : "—");
        var table = (choose is null ? building : choose(building)).Build();
        table.Next = list.Count == PageSize ? page.With(("before", list[^1].OrderId.ToString())) : null;
        table.First = page.Request.Query.ContainsKey("before") ? page.With(("before", null)) : null;
        return table;
    }

    /// <summary>All that is known of one review, line by line.</summary>
    public static List<(string Label, string Value)> Facts(Review review, string goods, Language language)
    {
        List<(string, string)> facts =
        [
            (language.Pick("商品", "Goods"), goods),
            (language.Pick("星级", "Stars"), Stars(review, language)),
            (language.Pick("内容", "Text"), review.Text.Length > 0 ? review.Text : "—"),
            (language.Pick("状态", "State"), State(review, language).Text),
            (language.Pick("写于", "Written"), Show.Exact(review.CreatedAt)),
        ];
        if (review.ChangedAt is { } changed) facts.Add((language.Pick("改于", "Changed"), Show.Exact(changed)));
        if (review.RefundedAt is { } refunded) facts.Add((language.Pick("订单退款", "Order refunded"), Show.Exact(refunded)));
        if (review.Reason.Length > 0) facts.Add((language.Pick("审核", "Decided"), $"{OrderWords.Actor(review.DecidedBy, language)} · {review.Reason}"));
        if (review.AnsweredAt is { } at) facts.Add((language.Pick("店家回复", "Answer"), $"{review.Answer}\n{Show.Exact(at)}"));
        return facts;
    }
}
