using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What about payments only a person can settle, with the money as we and as the channel see it.</summary>
internal sealed class PaymentCasesPage(ChannelDesk desk, PaymentChannels channels) : ConsolePage
{
    private const int PageSize = 50;

    public async Task OnGetAsync(string? state, long? before)
    {
        var isClosed = state == "closed";
        Title = T("支付待处理", "Payment cases");
        var cases = await desk.CasesAsync(!isClosed, before, PageSize + 1);
        var isMore = cases.Count > PageSize;
        if (isMore) cases.RemoveAt(PageSize);
        var names = (await channels.ListAsync()).ToDictionary(c => c.Id, c => PaymentWords.Name(c, Language));
        Table = Parts.Table.Of(cases, Title)
            .Column(T("事情", "What"), c => new Cell(PaymentWords.Case(c.Kind, Language), $"/console/payment-cases/{c.Id}"))
            .Column(T("通道", "Channel"), c => c.ChannelId is { } id ? names.GetValueOrDefault(id, "—") : "—")
            .Column(T("订单", "Order"), c => c.OrderId is { } order ? new Cell(order.ToString(), $"/console/orders/{order}") : "—")
            .Money(T("我方金额", "Our side"), c => c.Ours)
            .Money(T("通道金额", "Channel's side"), c => c.Theirs)
            .Column(T("开始", "Since"), c => When(c.OpenedAt))
            .Column(T("处理", "Settled"), c => c.ClosedAt is null ? "—" : $"{c.ClosedBy}: {c.Note}")
            .Build();
        if (isMore) Table.Next = With(("before", $"{cases[^1].Id}"));
        if (before is not null) Table.First = With(("before", null));
        Table.Empty = new EmptyState(T("没有要处理的", "Nothing to settle"), T("通道金额不对、交易重复、退款被拒，会列在这里。", "Other amounts, trades told twice and refused refunds stand here."), Icon: "ok");
        Actions.Add(isClosed ? ("/console/payment-cases", T("未处理", "Open ones")) : ("/console/payment-cases?state=closed", T("已处理", "Settled ones")));
    }
}

internal sealed class PaymentCasePage(ChannelDesk desk, PaymentChannels channels) : ConsolePage
{
    public PaymentCase Case { get; private set; } = null!;
    public Channel? Channel { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!long.TryParse(RouteData.Values["id"] as string, out var id) || await desk.FindCaseAsync(id) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        Case = found;
        Channel = found.ChannelId is { } channel ? await channels.FindAsync(channel) : null;
        Title = PaymentWords.Case(found.Kind, Language);
        Up = ("/console/payment-cases", T("支付待处理", "Payment cases"));
        Form = new Form(Language) { Submit = T("处理完了", "Settled"), Back = Up.Value.Href }
            .Text("note", "怎么处理的", "How it was settled", max: 200).Hint("只记下处理结果，不动钱", "Only the outcome is recorded; no money moves by this");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!await desk.CloseCaseAsync(Case.Id, Actor, Form["note"])) return NotDone(Up!.Value.Href, "已经处理过了", "It is settled already");
        await RecordAsync("payment_case.close", $"{Case.Id} {Case.Kind}: {Form["note"]}");
        return Done(Up!.Value.Href, "已处理", "Settled");
    }
}
