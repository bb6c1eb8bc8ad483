using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Reviews;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>What buyers of this merchant's shops wrote.</summary>
[Needs(MerchantPermissions.OrdersSee)]
internal sealed class BuyerReviewsPage(ReviewDesk reviews, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("买家评价", "Reviews");
        Table = await ReviewWords.TableAsync(this, reviews, names, Merchant, waitingOnly: false, "/console/merchant/reviews");
        Table.Empty = new EmptyState(T("还没有评价", "No reviews yet"), T("买家收到货后可以在订单页评价，每条你可以回复一次。", "Buyers review from their order's page once the goods have come; you may answer each once."), Icon: "info");
    }
}

/// <summary>One review, and the merchant's one answer to it.</summary>
[Needs(MerchantPermissions.OrdersSee, MerchantPermissions.OrdersHandle)]
internal sealed class BuyerReviewPage(ReviewDesk reviews, Names names) : ConsolePage
{
    private Review _review = null!;
    public List<(string Label, string Value)> Facts { get; private set; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!OrderId.TryParse(RouteData.Values["order"] as string, out var order) || await reviews.FindAsync(order, Merchant) is not { } review)
        {
            context.Result = NotFound();
            return;
        }

        _review = review;
        Title = T("评价", "Review");
        Up = ("/console/merchant/reviews", T("买家评价", "Reviews"));
        Actions.Add(($"/console/merchant/orders/{order}", T("看订单", "The order")));
        Facts = ReviewWords.Facts(review, Names.Sku((await names.SkusAsync([review.SkuId])).GetValueOrDefault(review.SkuId), Language), Language);
        if (review is { State: ReviewStatus.Shown, AnsweredAt: null })
            Form = new Form(Language) { Back = "/console/merchant/reviews", Submit = T("回复", "Answer") }
                .Area("answer", "回复", "Your answer", optional: false, max: 500).Hint("所有人看得到，只能回复一次，发出后不能改", "Everybody reads it. There is one answer, and it cannot be changed.");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone($"/console/merchant/reviews/{_review.OrderId}", "这条评价不能再回复", "This review cannot be answered any more");
        if (!await Form.ReadAsync(Request)) return Again();
        switch (await reviews.AnswerAsync(Merchant, _review.OrderId, Form["answer"]))
        {
            case ReviewDecision.Refused refused:
                Form.Take(refused.Errors);
                return Again();
            case ReviewDecision.Missing:
                return NotDone($"/console/merchant/reviews/{_review.OrderId}", "这条评价不能再回复", "This review cannot be answered any more");
        }

        await RecordAsync("review.answer", _review.OrderId.ToString());
        return Done("/console/merchant/reviews", "已回复", "Answered");
    }
}
