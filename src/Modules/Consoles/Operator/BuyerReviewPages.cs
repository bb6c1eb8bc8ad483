using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Reviews;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What buyers wrote; those that wait for a person first asked for.</summary>
[Needs(Permissions.CatalogSee)]
internal sealed class BuyerReviewsPage(ReviewDesk reviews, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("买家评价", "Reviews");
        var waiting = Request.Query["show"] == "waiting";
        Actions.Add(waiting ? ("/console/reviews", T("看全部", "Show all")) : ("/console/reviews?show=waiting", T("只看待审核", "Waiting ones only")));
        Table = await ReviewWords.TableAsync(this, reviews, names, null, waiting, "/console/reviews",
            table => table.Choose(RowDeeds.KeyOf, RowDeeds.Of("reviews", Language)));
        Table.Empty = new EmptyState(T("没有评价", "No reviews"),
            T("含违禁词的评价直接退回；像有联系方式或网址的在这里等审核，其余直接显示。", "Those with forbidden words are refused; those that seem to hold contact details or addresses wait here; all others are shown at once."), Icon: "ok");
    }
}

/// <summary>One review: show it or hide it, with a reason.</summary>
[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class BuyerReviewPage(ReviewDesk reviews, Names names) : ConsolePage
{
    private Review _review = null!;
    public List<(string Label, string Value)> Facts { get; private set; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!OrderId.TryParse(RouteData.Values["order"] as string, out var order) || await reviews.FindAsync(order) is not { } review)
        {
            context.Result = NotFound();
            return;
        }

        _review = review;
        Title = T("评价", "Review");
        Up = ("/console/reviews", T("买家评价", "Reviews"));
        Actions.Add(($"/console/orders/{order}", T("看订单", "The order")));
        Facts = ReviewWords.Facts(review, Names.Sku((await names.SkusAsync([review.SkuId])).GetValueOrDefault(review.SkuId), Language), Language);
        Facts.Insert(0, (T("代理", "Merchant"), names.Merchant(review.MerchantId, Language)));
        Form = new Form(Language) { Back = "/console/reviews", Submit = T("提交审核结果", "Decide") }
            .Choice("verdict", "结果", "Verdict", [new("show", T("显示", "Show it")), new("hide", T("隐藏", "Hide it"))]).Beside()
            .Text("reason", "理由", "Reason", max: 200).Hint("写评价的人和店家看得到", "Its writer and the merchant read it");
        await next();
    }

    public IActionResult OnGet() =>
        // The address says which version is on the screen: a text that its buyer changes meanwhile is not passed unread.
        Request.Query.ContainsKey("version") ? Page() : Redirect(With(("version", _review.Version.ToString(CultureInfo.InvariantCulture))));

    public async Task<IActionResult> OnPostAsync(long version)
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var isShown = Form["verdict"] == "show";
        if (!await reviews.DecideAsync(_review.OrderId, version, isShown, Form["reason"], Actor))
            return NotDone($"/console/reviews/{_review.OrderId}", "买家刚改过，请重新看一遍", "Its buyer has just changed it: read it once more");
        await RecordAsync(isShown ? "review.show" : "review.hide", $"{_review.OrderId} v{version}: {Form["reason"]}");
        return Done("/console/reviews", isShown ? "已显示" : "已隐藏", isShown ? "It is shown" : "It is hidden");
    }
}
