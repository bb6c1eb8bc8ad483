using Lianka.Modules.Consoles.Access;
using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.ChannelsSee)]
internal sealed class ChannelsPage(PaymentChannels channels, ChannelDesk desk) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("支付通道", "Payment channels");
        Actions.Add(("/console/channels/protocols", T("添加通道", "Add a channel")));
        var rows = new List<(Channel Channel, ChannelFigures Figures)>();
        foreach (var channel in await channels.ListAsync()) rows.Add((channel, await desk.FiguresAsync(channel)));
        Table = Parts.Table.Of(rows, Title)
            .Column(T("名称", "Name"), r => new Cell(PaymentWords.Name(r.Channel, Language), $"/console/channels/{PublicId.Encode(r.Channel.Id)}", r.Channel.Code))
            .Column(T("协议", "Protocol"), r => channels.Protocol(r.Channel.Protocol) is { } protocol ? T(protocol.Zh, protocol.En) : r.Channel.Protocol)
            .Badge(T("状态", "State"), r => PaymentWords.State(r.Channel, Language))
            .Money(T("今日收款", "Taken today"), r => r.Figures.TakenToday)
            .Column(T("最近付成", "Paid of the last"), r => new Cell(r.Figures.Recent.Tried == 0 ? "—" : $"{r.Figures.Recent.Paid} / {r.Figures.Recent.Tried}", $"/console/channels/{PublicId.Encode(r.Channel.Id)}/attempts"))
            .Number(T("次序", "Rank"), r => r.Channel.Priority)
            .Column(T("费率", "Fee"), r => Show.Percent(r.Channel.FeeBps))
            .Build();
    }
}

/// <summary>Tries to pay through one channel, of one day or the latest ones.</summary>
[Needs(Permissions.ChannelsSee)]
internal sealed class ChannelAttemptsPage(PaymentChannels channels, ChannelDesk desk) : ConsolePage
{
    private const int PageSize = 50;

    /// <summary>Null: of all days.</summary>
    public DateTimeOffset? Day { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id, string? day, string? before)
    {
        if (!PublicId.TryDecode(id, out var number) || await channels.FindAsync(number) is not { } channel) return NotFound();
        Day = Show.DayOf(day);
        Title = T($"{PaymentWords.Name(channel, Language)} · 付款记录", $"{PaymentWords.Name(channel, Language)} · payments");
        Up = Day is { } of ? ($"/console/figures/channels?day={Show.Day(of)}", T($"{Show.Day(of)} 各通道", $"Channels on {Show.Day(of)}"))
            : ($"/console/channels/{id}", PaymentWords.Name(channel, Language));
        var rows = await desk.AttemptsAsync(channel.Id, Day, Day?.AddDays(1), PublicId.TryDecode(before, out var cursor) ? cursor : null, PageSize + 1);
        var isMore = rows.Count > PageSize;
        if (isMore) rows.RemoveAt(PageSize);
        Table = Parts.Table.Of(rows, Title)
            .Column(T("付什么", "For"), r => r switch
            {
                { Order: { } order } => new Cell($"{order}", $"/console/orders/{order}", r.Purpose == PaymentPurposes.Basket ? T("购物车", "Cart") : null, IsMono: true),
                { Purpose: PaymentPurposes.TopUp } => new Cell(T("充值", "Top-up"), $"/console/top-ups/{r.Attempt.PaymentId}"),
                _ => new Cell("—"),
            })
            .Money(T("金额", "Amount"), r => r.Attempt.Amount)
            .Badge(T("状态", "State"), r => PaymentWords.State(r.Attempt, Language))
            .Column(T("开始", "Began"), r => When(r.Attempt.CreatedAt))
            .Column(T("付款", "Paid"), r => r.Attempt.PaidAt is { } at ? When(at) : "—")
            .Column(T("通道交易号", "Channel's number"), r => new Cell(r.Attempt.TradeNo ?? "—", Sub: r.Attempt.OutNo, IsMono: true))
            .Build();
        Table.Next = isMore ? With(("before", PublicId.Encode(rows[^1].Attempt.Id))) : null;
        Table.First = before is null ? null : With(("before", null));
        Table.Empty = Day is null
            ? new EmptyState(T("还没有人用它付款", "Nobody has paid by it yet"), T("买家走到这条通道后，每次付款列在这里。", "Each try of a buyer who comes to this channel stands here."), "/console/channels", T("看支付通道", "Payment channels"), "finance")
            : new EmptyState(T("这一天没有人用它付款", "Nobody paid by it on this day"), T("看最近的付款，或选另一天。", "Look at the latest ones, or at another day."), With(("day", null)), T("看最近的", "The latest ones"), "finance");
        return Page();
    }
}

[Needs(Permissions.ChannelsSee)]
internal sealed class ChannelProtocolsPage(PaymentChannels channels) : ConsolePage
{
    public void OnGet()
    {
        Title = T("选一种通道", "Choose a protocol");
        Up = ("/console/channels", T("支付通道", "Payment channels"));
        Table = Parts.Table.Of(channels.Protocols, Title)
            .Column(T("通道", "Channel"), p => new Cell(T(p.Zh, p.En), $"/console/channels/new?protocol={p.Name}"))
            .Column(T("正式地址", "Its address"), p => new Cell(p.BaseUrl.Length > 0 ? p.BaseUrl : "—", IsMono: true))
            .Build();
    }
}

/// <summary>A key of a channel that can be changed while the one before still counts.</summary>
/// <param name="IsOverlapping">Both count now.</param>
internal sealed record ChannelKey(ChannelField Field, bool IsOverlapping, string? Problem);

/// <summary>A channel is made, changed, switched and tried. Its secrets go in and never come out.</summary>
[Needs(Permissions.ChannelsSee, Permissions.ChannelsManage)]
internal sealed class ChannelPage(PaymentChannels channels, ChannelDesk desk, PriceBooks prices) : ConsolePage
{
    private IChannelProtocol _protocol = null!;

    /// <summary>Null while it is being made.</summary>
    public Channel? Channel { get; private set; }

    /// <summary>Keys that are changed by themselves, and not with the form.</summary>
    public IReadOnlyList<ChannelKey> Keys { get; private set; } = [];

    /// <summary>Nobody sends notices, and nothing can be tried.</summary>
    public bool IsInHouse => _protocol.IsInHouse;

    /// <summary>How its money is confirmed, or what the test does.</summary>
    public string TrialHint => _protocol.Name switch
    {
        PayWays.Bank => T("到账由人在「银行转账」里确认。", "Persons confirm what came under Bank transfers."),
        PayWays.Wallet => T("有账号的代理在控制台里用自己的余额付店铺订单；钱不离开平台，费率填 0。", "Merchants pay shop orders in their console out of their own wallet. No money leaves the platform: leave the fee at 0."),
        _ => T("测试会问通道一笔不存在的交易，不动钱；停用时也能测。", "The test asks about a trade that does not exist; no money moves. It works while the channel is off."),
    };

    /// <summary>What the test button found.</summary>
    public ChannelTrial? Trial { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/channels", T("支付通道", "Payment channels"));
        var isNew = RouteData.Values["id"] as string == "new";
        Channel = !isNew && PublicId.TryDecode(RouteData.Values["id"] as string, out var id) ? await channels.FindAsync(id) : null;
        var protocol = channels.Protocol(isNew ? Request.Query["protocol"].ToString() : Channel?.Protocol ?? "");
        if (protocol is null)
        {
            // Without a protocol there is nothing to ask.
            context.Result = isNew ? Redirect("/console/channels/protocols") : NotFound();
            return;
        }

        _protocol = protocol;
        Title = Channel is null ? T($"添加{protocol.Zh}", $"Add {protocol.En}") : PaymentWords.Name(Channel, Language);
        await FormOfAsync();
        await next();
    }

    private async Task FormOfAsync()
    {
        Form = new Form(Language) { Back = "/console/channels" }
            .Text("name_zh", "中文名称", "Chinese name", max: 100).Fill("name_zh", Channel?.NameZh ?? _protocol.Zh).Beside()
            .Text("name_en", "英文名称", "English name", max: 100).Fill("name_en", Channel?.NameEn ?? _protocol.En);
        if (Channel is null)
        {
            Form.Text("code", "代码", "Code", max: 20).Fill("code", PaymentChannels.IsReserved(_protocol.Name) ? $"{_protocol.Name}-1" : _protocol.Name)
                .Hint("小写字母、数字和连字符；写进清算账户的名字，以后不能改", "Small letters, digits and hyphens; stands in the name of its clearing account and cannot be changed");
        }

        if (!_protocol.IsInHouse) Form.Text("base_url", "通道地址", "Address of the channel", optional: _protocol.BaseUrl.Length > 0, max: 300).Fill("base_url", Channel?.BaseUrl);
        if (_protocol.BaseUrl.Length > 0) Form.Hint($"不填就用 {_protocol.BaseUrl}", $"Left empty: {_protocol.BaseUrl}");
        await OwnFieldsAsync();
        Form.Section("支付方式", "Methods");
        foreach (var method in _protocol.Methods)
        {
            var name = $"method_{method.Name}";
            Form.Check(name, PaymentWords.Method(method, Language), PaymentWords.Method(method, Language)).Fill(name, Channel?.Has(method) == false ? "" : "on");
        }

        Form.Section("什么时候用它", "When it is used")
            .Money("amount_min", "单笔最少", "Smallest payment", optional: true).Fill("amount_min", Channel?.AmountMin?.Text(2)).Beside()
            .Money("amount_max", "单笔最多", "Largest payment", optional: true).Fill("amount_max", Channel?.AmountMax?.Text(2))
            .Money("daily_limit", "每日最多", "Most in a day", optional: true).Fill("daily_limit", Channel?.DailyLimit?.Text(2))
            .Text("open_from", "每天从", "Every day from", optional: true, max: 5).Fill("open_from", Time(Channel?.OpenFrom)).Hint("北京时间，例如 08:30；都不填就是全天", "Beijing time, such as 08:30; both empty: always").Beside()
            .Text("open_to", "到", "Until", optional: true, max: 5).Fill("open_to", Time(Channel?.OpenTo)).Hint("比开始早就是过夜", "Earlier than the beginning: over midnight")
            .Text("merchants", "只给这些代理用", "Only for these merchants", optional: true, max: 2_000).Fill("merchants", Channel?.Merchants)
            .Hint("代理编号，逗号分隔；不填就是全部", "Numbers of merchants, separated by commas; empty: all of them")
            .Whole("fee_bps", "费率", "Fee", unit: T("万分之一", "1/10,000")).Fill("fee_bps", Text(Channel?.FeeBps ?? (_protocol.IsInHouse ? 0 : 60))).Hint("60 就是 0.6%", "60 is 0.6 %")
            .Whole("priority", "次序", "Rank").Fill("priority", Text(Channel?.Priority ?? 100)).Hint("一样好的通道，数字小的先用", "Of equally good ones the lowest goes first").Beside()
            .Whole("weight", "权重", "Weight").Fill("weight", Text(Channel?.Weight ?? 100)).Hint("同一次序里按权重分", "Shares among those of one rank");
    }

    /// <summary>What the protocol asks for. Errors name its fields, so the questions have the same names.</summary>
    private async Task OwnFieldsAsync()
    {
        if (_protocol.Fields.Count == 0) return;
        var paired = _protocol.Fields.Where(f => _protocol.Fields.Any(o => o.Name == f.Name + PaymentChannels.FormerKey)).ToList();
        var known = Channel is null ? new HashSet<string>() : await channels.KnownSecretsAsync(Channel.Id);
        var open = Channel is null ? [] : System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(Channel.Config)!;
        if (Channel is not null)
            Keys = [.. paired.Select(f => new ChannelKey(f, known.Contains(f.Name + PaymentChannels.FormerKey) || open.GetValueOrDefault(f.Name + PaymentChannels.FormerKey, "").Length > 0, null))];
        Form!.Section("商户号和密钥", "Numbers and keys");
        foreach (var field in _protocol.Fields)
        {
            // The former ones come about by a change only; present ones of a channel that is there are changed beside the form.
            if (field.Name.EndsWith(PaymentChannels.FormerKey, StringComparison.Ordinal) || (Channel is not null && paired.Contains(field))) continue;
            var isOptional = field.IsOptional || known.Contains(field.Name);
            if (field is { IsSecret: true, IsText: true }) Form.SecretArea(field.Name, field.Zh, field.En, isOptional);
            else if (field.IsSecret) Form.Password(field.Name, field.Zh, field.En, autocomplete: "off", optional: isOptional);
            else if (field.IsText) Form.Area(field.Name, field.Zh, field.En, isOptional, max: 20_000);
            else if (field.Choices is { } choices) Form.Choice(field.Name, field.Zh, field.En, choices.Select(c => new Option(c, c)), isOptional);
            else Form.Text(field.Name, field.Zh, field.En, isOptional, max: 500);
            if (known.Contains(field.Name)) Form.Hint("已保存，不显示；填了才会换", "Kept and not shown; fill in to replace it");
            else if (!field.IsSecret) Form.Fill(field.Name, open.GetValueOrDefault(field.Name) ?? (Channel is null ? field.Choices?[0] : null));
        }
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var methods = _protocol.Methods.Where(m => Form.IsChecked($"method_{m.Name}")).Select(m => m.Name).ToList();
        if (methods.Count == 0)
        {
            Form.Fail("至少选一种支付方式；不想用它就停用。", "Choose one method at least; to use none, switch the channel off.");
            return Again();
        }

        if (Form["merchants"].Split([',', '，', '、', ' '], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(IsNobody) is { } nobody)
        {
            Form.Fail("merchants", $"没有编号为“{nobody}”的代理。", $"There is no merchant '{nobody}'.");
            return Again();
        }

        var draft = new ChannelDraft
        {
            Code = Channel?.Code ?? Form["code"], Protocol = _protocol.Name, NameZh = Form["name_zh"], NameEn = Form["name_en"], BaseUrl = _protocol.IsInHouse ? "" : Form["base_url"],
            // What is not asked here stays as it is.
            Values = (Channel is null ? new Dictionary<string, string>() : ChannelDraft.Of(Channel).Values).Where(v => !Form.Has(v.Key))
                .Concat(_protocol.Fields.Where(f => Form.Has(f.Name)).Select(f => KeyValuePair.Create(f.Name, Form[f.Name]))).ToDictionary(),
            // None means all: so one that the protocol learns later is used as well.
            Methods = methods.Count == _protocol.Methods.Count ? [] : methods,
            // A new one is tried before buyers meet it.
            State = Channel?.State ?? ChannelState.Off,
            Priority = Form["priority"], Weight = Form["weight"], FeeBps = Form["fee_bps"], AmountMin = Form["amount_min"], AmountMax = Form["amount_max"],
            DailyLimit = Form["daily_limit"], OpenFrom = Form["open_from"], OpenTo = Form["open_to"],
            Merchants = Form["merchants"],
        };
        switch (Channel is null ? await channels.CreateAsync(draft) : await channels.UpdateAsync(Channel.Id, draft))
        {
            case ChannelDecision.Saved saved:
                await RecordAsync("channel.save", $"{saved.Value.Code} {saved.Value.NameEn}");
                return Done($"/console/channels/{PublicId.Encode(saved.Value.Id)}", $"「{saved.Value.NameZh}」已保存，先测试再启用", $"{saved.Value.NameEn} saved; test it before you switch it on");
            case ChannelDecision.Refused refused:
                Form.Take(refused.Errors);
                return Again();
            default:
                return NotFound();
        }
    }

    private bool IsNobody(string number) => !MerchantId.TryParse(number, out var id) || prices.Current.Merchant(id) is null;

    public async Task<IActionResult> OnPostSwitchAsync(string? to)
    {
        if (Channel is null) return NotFound();
        var state = to == "on" ? ChannelState.Active : ChannelState.Off;
        if (!await channels.SwitchAsync(Channel.Id, state)) return NotFound();
        await RecordAsync("channel.switch", $"{Channel.Code} {(state == ChannelState.Active ? "on" : "off")}");
        return state == ChannelState.Active
            ? Done(Request.Path, "已启用，买家现在可以用它付款", "On: buyers can pay by it now")
            : Done(Request.Path, "已停用，不再收新的付款；已收的照样能退", "Off: it takes no new payments; what it took can still go back");
    }

    /// <summary>A new key from now on, and the one before beside it.</summary>
    public async Task<IActionResult> OnPostReplaceAsync(string? field, string? value, CancellationToken cancel)
    {
        if (Channel is null || Keys.FirstOrDefault(k => k.Field.Name == field) is not { } key) return NotFound();
        switch (await channels.ReplaceKeyAsync(Channel.Id, key.Field.Name, value ?? "", cancel))
        {
            case ChannelDecision.Saved:
                await RecordAsync("channel.key", $"{Channel.Code} {key.Field.Name} replaced");
                return Done(Request.Path, $"「{key.Field.Zh}」已更换，旧的也还认；确认通道用上新的以后，结束过渡", $"{key.Field.En}: replaced, the former still counts. End the overlap when the channel uses the new one");
            case ChannelDecision.Refused refused:
                Keys = [.. Keys.Select(k => k == key ? k with { Problem = string.Join(' ', refused.Errors.Select(e => T(e.Zh, e.En))) } : k)];
                Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                return Page();
            default:
                return NotFound();
        }
    }

    /// <summary>Only the new key counts from now on.</summary>
    public async Task<IActionResult> OnPostEndAsync(string? field, CancellationToken cancel)
    {
        if (Channel is null || Keys.FirstOrDefault(k => k.Field.Name == field && k.IsOverlapping) is not { } key) return NotFound();
        if (await channels.EndOverlapAsync(Channel.Id, key.Field.Name, cancel) is not ChannelDecision.Saved) return NotFound();
        await RecordAsync("channel.key", $"{Channel.Code} {key.Field.Name} overlap ended");
        return Done(Request.Path, $"「{key.Field.Zh}」的过渡已结束，只认新的", $"{key.Field.En}: the overlap is over, only the new one counts");
    }

    public async Task<IActionResult> OnPostTryAsync(CancellationToken cancel)
    {
        if (Channel is null) return NotFound();
        Trial = await desk.TryAsync(Channel, cancel);
        await RecordAsync("channel.try", $"{Channel.Code} {Trial.GetType().Name.ToLowerInvariant()}");
        return Page();
    }

    /// <summary>What the test found, in words, with the look of an alert.</summary>
    public (string Tone, string Title, string Detail) Reading(ChannelTrial trial) => trial switch
    {
        ChannelTrial.Works => ("ok", T("通了：地址、密钥和签名都对", "It works: address, keys and signatures are right"), T("问了一笔不存在的交易，通道按协议回答没有。", "Asked about a trade that does not exist, the channel said so in its protocol.")),
        ChannelTrial.Refused r => ("error", T("通道拒绝了", "The channel refused"), $"{r.Code} · {r.Words}"),
        ChannelTrial.Failed f => ("error", T("没有得到可用的回答", "No usable answer"), f.Words),
        ChannelTrial.Late => ("error", T("没有在 10 秒内回答", "No answer within 10 seconds"), T("检查通道地址，以及这台机器能不能访问外网。", "Check its address, and whether this machine reaches it.")),
        ChannelTrial.Surprised s => ("warning", T("回答奇怪：它说有一笔从没下过的交易", "Odd: it knows a trade that was never made"), s.State.ToString()),
        _ => ("warning", "", ""),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Time(long? minute) => minute is { } m ? string.Create(CultureInfo.InvariantCulture, $"{m / 60:00}:{m % 60:00}") : null;
}
