using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>A page on which cases of payments are settled.</summary>
public abstract class PaymentCasesBase(PaymentCaseDesk desk, RefundDesk refunds) : ConsolePage
{
    public List<PaymentCase> Cases { get; private set; } = [];

    /// <summary>Those whose money may go back to whoever paid it, with why the channel cannot do it, or null.</summary>
    public IReadOnlyDictionary<long, FieldError?> Returns { get; private set; } = new Dictionary<long, FieldError?>();
    protected PaymentCaseDesk Desk => desk;

    protected async Task ShowAsync(List<PaymentCase> cases) => (Cases, Returns) = (cases, await desk.ReturnsAsync(cases));

    /// <summary>Where the viewer is after a button.</summary>
    protected abstract string Here { get; }

    public Task<IActionResult> OnPostBookAsync(long number, string? note) => SettleAsync(desk.BookAsync(number, Actor, note ?? ""), "payment.book", number, note);

    public Task<IActionResult> OnPostGiveBackAsync(long number, string? note) => SettleAsync(desk.GiveBackAsync(number, Actor, note ?? ""), "payment.give_back", number, note);

    public Task<IActionResult> OnPostWriteOffAsync(long number, string? note) => SettleAsync(desk.WriteOffAsync(number, Actor, note ?? ""), "payment.write_off", number, note);

    public Task<IActionResult> OnPostEndAsync(long number, string? note) => SettleAsync(desk.EndAsync(number, Actor, note ?? ""), "payment.case_end", number, note);

    public Task<IActionResult> OnPostRetryAsync(long number) => SettleAsync(refunds.RetryAsync(number, Actor), "payment.refund_retry", number, null);

    public Task<IActionResult> OnPostByHandAsync(long number, string? place, string? reference) =>
        SettleAsync(refunds.ByHandAsync(number, place == "console", reference ?? "", Actor), "payment.refund_by_hand", number, reference);

    protected async Task<IActionResult> SettleAsync(Task<ReconcileDecision> settling, string action, object about, string? note)
    {
        switch (await settling)
        {
            case ReconcileDecision.Refused refused:
                return NotDone(Here, refused.Error.Zh, refused.Error.En);
            case ReconcileDecision.Done done:
                await RecordAsync(action, $"{about} {note}");
                return done.IsAsked ? Done(Here, "已提交，等另一个人同意", "Asked for; another person has to agree") : Done(Here, "已处理", "Done");
            default:
                return NotFound();
        }
    }
}

/// <summary>The days of all channels, and a statement fetched now.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class ReconciliationPage(Reconciliation books, PaymentChannels channels) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("通道对账", "Reconciliation");
        Actions.Add(("/console/reconciliation/upload", T("上传对账单", "Upload a statement")));
        Actions.Add(("/console/reconciliation/payout", T("通道打款入账", "Book a channel's payout")));
        Actions.Add(("/console/payment-cases", T("支付待处理", "Cases of payments")));
        var all = await channels.ListAsync();
        Form = new Form(Language) { Submit = T("取对账单", "Fetch the statement") }
            .Choice("channel", "通道", "Channel", all.Select(c => new Option(c.Code, Language.PickOr(c.NameZh, c.NameEn)))).Beside()
            .Day("day", "日期（中国时间）", "Day (China)").Fill("day", ChannelDays.Text(ChannelDays.Of(Now).AddDays(-1)));
        var names = all.ToDictionary(c => c.Id);
        Table = Parts.Table.Of(await books.DaysAsync(), Title)
            .Column(T("日期", "Day"), d => new Cell(d.Day, $"/console/reconciliation/{names[d.ChannelId].Code}/{d.Day}"))
            .Column(T("通道", "Channel"), d => Language.PickOr(names[d.ChannelId].NameZh, names[d.ChannelId].NameEn))
            .Badge(T("状态", "State"), d => ReconcileWords.State(d, Language))
            .Number(T("笔数", "Lines"), d => d.Lines)
            .Money(T("通道净额", "Channel"), d => d.Net)
            .Money(T("账本净额", "Ledger"), d => d.Ledger + d.Booked)
            .Money(T("手续费", "Fees"), d => d.Fees)
            .Number(T("差异", "Differences"), d => d.Differences)
            .Build();
        Table.Empty = new EmptyState(T("还没有可对的账", "Nothing to reconcile yet"), T("有了第一笔支付，次日上午会自动取对账单。", "After the first payment, statements are fetched by themselves the next morning."), Icon: "finance");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var channel = (await channels.ListAsync()).Find(c => c.Code == Form["channel"]);
        if (channel is null) Form.Fail("channel", "没有这个通道", "There is no such channel");
        if (!ChannelDays.TryParse(Form["day"], out var day)) Form.Fail("day", "请选一天", "Choose a day");
        if (!Form.IsFine) return Again();
        try
        {
            if (await books.FetchAsync(channel!, day) is ReconcileDecision.Refused refused) Form.Take([refused.Error]);
        }
        catch (ChannelException)
        {
            Form.Fail("day", "通道现在给不出这一天的对账单，稍后会自动再试", "The channel does not give this statement now; it is asked again by itself");
        }

        if (!Form.IsFine) return Again();
        await RecordAsync("statement.fetch", $"{channel!.Code} {ChannelDays.Text(day)}");
        return Done($"/console/reconciliation/{channel.Code}/{ChannelDays.Text(day)}", "已取对账单并比对", "Fetched and compared");
    }
}

/// <summary>A statement that a person has as a file from the channel's own console.</summary>
[RequestSizeLimit(UploadMax + (1 << 16))]
[Needs(Permissions.FinanceEdit, Permissions.FinanceEdit)]
internal sealed class StatementUploadPage(Reconciliation books, PaymentChannels channels) : ConsolePage
{
    private const long UploadMax = 32 << 20;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("上传对账单", "Upload a statement");
        Up = ("/console/reconciliation", T("通道对账", "Reconciliation"));
        Form = new Form(Language) { Back = Up.Value.Href, Submit = T("读取并比对", "Read and compare") }
            .Choice("channel", "通道", "Channel", (await channels.ListAsync()).Select(c => new Option(c.Code, Language.PickOr(c.NameZh, c.NameEn)))).Beside()
            .Day("day", "日期（中国时间；Stripe 为 UTC）", "Day (China; UTC for Stripe)").Fill("day", ChannelDays.Text(ChannelDays.Of(Now).AddDays(-1)))
            .File("file", "对账单文件", "File", optional: false)
            .Hint("通道后台下载的原文件，不用改动，最大 32 MiB：微信支付交易账单（全部订单）、支付宝业务明细（ZIP 或 CSV）、银联 ZM 文件（ZIP）、Stripe 明细报表（CSV，带 out_no、refund_no 元数据列）。重复上传不会重复记账",
                "As the channel's console gives it, unchanged, up to 32 MiB: WeChat Pay's trade bill of all trades, Alipay's details (ZIP or CSV), UnionPay's ZM file (ZIP), Stripe's itemized report (CSV with the metadata out_no and refund_no). The same file twice counts once");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        var isRead = await Form!.ReadAsync(Request);
        if (file is null || file.Length is 0 or > UploadMax) Form.Fail("file", "请选一个不超过 32 MiB 的文件", "Choose a file of at most 32 MiB");
        var channel = (await channels.ListAsync()).Find(c => c.Code == Form["channel"]);
        if (channel is null) Form.Fail("channel", "没有这个通道", "There is no such channel");
        if (!ChannelDays.TryParse(Form["day"], out var day)) Form.Fail("day", "请选一天", "Choose a day");
        if (!isRead || !Form.IsFine) return Again();
        using var content = new MemoryStream();
        await file!.CopyToAsync(content);
        if (await books.ReadFileAsync(channel!, day, content.ToArray()) is ReconcileDecision.Refused refused)
        {
            Form.Take([refused.Error]);
            return Again();
        }

        await RecordAsync("statement.upload", $"{channel!.Code} {ChannelDays.Text(day)} {file.Length} bytes");
        return Done($"/console/reconciliation/{channel.Code}/{ChannelDays.Text(day)}", "已读取并比对", "Read and compared");
    }
}

/// <summary>One day of a channel: its sums, what differs, and its lines.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class ReconciliationDayPage(Reconciliation books, PaymentChannels channels, PaymentCaseDesk desk, RefundDesk refunds) : PaymentCasesBase(desk, refunds)
{
    private Channel _channel = null!;
    private DateOnly _day;

    public ChannelDay Day { get; private set; } = null!;
    protected override string Here => $"/console/reconciliation/{_channel.Code}/{Day.Day}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var channel = (await channels.ListAsync()).Find(c => c.Code == RouteData.Values["channel"] as string);
        if (channel is null || !ChannelDays.TryParse(RouteData.Values["day"] as string, out _day) || await books.FindAsync(channel.Id, _day) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        (_channel, Day) = (channel, found);
        Title = $"{Language.PickOr(channel.NameZh, channel.NameEn)} {found.Day}";
        Up = ("/console/reconciliation", T("通道对账", "Reconciliation"));
        await ShowAsync([
            .. await Desk.ListAsync(isOpen: true, limit: 100, of: (channel.Id, found.Day)), .. await Desk.ListAsync(isOpen: false, limit: 100, of: (channel.Id, found.Day)),
        ]);
        Table = Parts.Table.Of(await books.LinesAsync(channel.Id, _day), T("对账单明细，有差异的在前", "Lines of the statement, differences first"))
            .Column(T("通道交易号", "Trade"), l => new Cell(l.TradeNo, IsMono: true, Sub: l.Back == 1 ? T("退款 ", "Refund ") + l.RefundNo : l.OutNo))
            .Money(T("金额", "Amount"), l => l.Back == 1 ? -l.Amount : l.Amount)
            .Money(T("手续费", "Fee"), l => l.Fee)
            .Badge(T("比对", "Compared"), l => ReconcileWords.Verdict(l.Verdict, Language))
            .Column(T("时间", "When"), l => Show.Exact(l.At))
            .Build();
        Table.Empty = new EmptyState(T("对账单是空的", "The statement is empty"), T("通道在这一天没有记账。", "The channel booked nothing on this day."), Icon: "finance");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostCompareAsync()
    {
        await books.CompareAsync(_channel, _day);
        return Done(Here, "已重新比对", "Compared again");
    }

    public Task<IActionResult> OnPostCloseAsync() => SettleAsync(books.CloseAsync(_channel, _day, Actor), "statement.close", $"{_channel.Code} {Day.Day}", null);
}

/// <summary>A channel's company has paid out to the platform's bank account.</summary>
[Needs(Permissions.FinanceEdit, Permissions.FinanceEdit)]
internal sealed class ChannelPayoutPage(Reconciliation books, PaymentChannels channels) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("通道打款入账", "Book a channel's payout");
        Up = ("/console/reconciliation", T("通道对账", "Reconciliation"));
        Form = new Form(Language) { Back = Up.Value.Href, Submit = T("入账", "Post") }
            .Choice("channel", "通道", "Channel", (await channels.ListAsync()).Select(c => new Option(c.Code, Language.PickOr(c.NameZh, c.NameEn))))
            .Money("amount", "银行到账金额", "What reached the bank")
            .Text("reference", "银行流水号", "Bank reference", max: 64).Hint("同一个流水号只入一次账", "One reference is booked once");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var channel = (await channels.ListAsync()).Find(c => c.Code == Form["channel"]);
        if (channel is null) Form.Fail("channel", "没有这个通道", "There is no such channel");
        else if (await books.PayOutAsync(channel, Form["amount"], Form["reference"], Actor) is ReconcileDecision.Refused refused) Form.Take([refused.Error]);
        if (!Form.IsFine) return Again();
        await RecordAsync("channel.payout", $"{channel!.Code} {Form["amount"]} {Form["reference"]}");
        return Done(Up!.Value.Href, "已入账", "Posted");
    }
}

/// <summary>All that about payments only a person can settle, and a charge-back that the channel told of.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class PaymentCasesPage(PaymentCaseDesk desk, RefundDesk refunds) : PaymentCasesBase(desk, refunds)
{
    public bool IsClosed { get; private set; }
    protected override string Here => "/console/payment-cases";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        IsClosed = Request.Query["state"] == "closed";
        Title = T("支付待处理", "Cases of payments");
        Up = ("/console/reconciliation", T("通道对账", "Reconciliation"));
        Actions.Add(IsClosed ? (Here, T("未处理", "Open ones")) : ($"{Here}?state=closed", T("已处理", "Settled ones")));
        await ShowAsync(await Desk.ListAsync(!IsClosed));
        Form = new Form(Language) { Submit = T("登记拒付", "Record the charge-back") }
            .Section("拒付：通道扣走了已付的钱", "A charge-back: the channel took paid money back")
            .Text("out_no", "商户订单号（给通道的）", "Our number at the channel", max: 20).Beside()
            .Money("amount", "扣走的金额", "What it took")
            .Text("detail", "通道给的原因或单号", "The channel's reason or number", max: 200);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!PublicId.TryDecode(Form["out_no"], out var attempt)) Form.Fail("out_no", "没有这笔支付", "There is no such payment");
        else if (await Desk.ChargeBackAsync(attempt, Form["amount"], Form["detail"]) is var decision and not ReconcileDecision.Done)
        {
            if (decision is ReconcileDecision.Refused refused) Form.Take([refused.Error with { Field = refused.Error.Field == "note" ? "detail" : refused.Error.Field }]);
            else Form.Fail("out_no", "没有这笔已付的支付", "There is no such paid payment");
        }

        if (!Form.IsFine) return Again();
        await RecordAsync("payment.charge_back", $"{Form["out_no"]} {Form["amount"]}");
        return Done(Here, "已登记，核销要两个人", "Recorded; writing it off takes two persons");
    }
}
