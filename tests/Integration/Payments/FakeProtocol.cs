using System.Collections.Concurrent;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments;

namespace Lianka.Tests.Integration.Payments;

/// <summary>Channels in a test's hand: what each answers, by its code in the field <c>name</c>.</summary>
internal sealed class FakeProtocol : IChannelProtocol
{
    public ConcurrentDictionary<string, FakeChannel> Channels { get; } = new();

    public string Name => "fake";
    public string Zh => "假";
    public string En => "Fake";
    public string BaseUrl => "http://fake.example";
    public IReadOnlyList<ChannelField> Fields { get; } = 
        [new("name", "名", "Name"), new("key", "密钥", "Key", IsSecret: true), new("key_old", "旧密钥", "Former key", IsSecret: true, IsOptional: true)];
    public IReadOnlyList<PayMethod> Methods { get; } =
        [new("page", PayShape.Redirect, PayDevices.Desktop | PayDevices.Phone, PayWays.Alipay), new("native", PayShape.Qr, PayDevices.Desktop, PayWays.WeChat)];

    public IReadOnlyList<string> FormTargets => ["https://*.onwards.example"];

    public IReadOnlyList<FieldError> Check(ChannelTerms terms) => terms["key"] == "bad" ? [new("key", "bad_key", "This key cannot be read.", "无法读取该密钥。")] : [];

    public IChannel Open(ChannelTerms terms)
    {
        Last = terms;
        return Of(terms["name"]);
    }

    /// <summary>What the channel that was opened last was told.</summary>
    public ChannelTerms Last { get; private set; } = null!;

    public FakeChannel Of(string name) => Channels.GetOrAdd(name, n => new FakeChannel(n));
}

internal sealed class FakeChannel(string name) : IChannel
{
    public ConcurrentDictionary<string, ChannelTrade> Trades { get; } = new();
    public ConcurrentDictionary<string, (ChannelRefund Refund, RefundOutcome Outcome)> Refunds { get; } = new();
    public Func<Task>? OnCreate { get; set; }
    public Func<Task>? OnQuery { get; set; }

    /// <summary>The pay code it gives; null: an address.</summary>
    public Func<ChannelOrder, PayCode>? Code { get; set; }
    public Func<Task>? OnClose { get; set; }
    public Func<Task>? OnRefund { get; set; }
    public Func<DateOnly, IReadOnlyList<StatementLine>>? Statement { get; set; }
    public bool CanClose { get; set; } = true;
    public RefundOutcome RefundsEnd { get; set; } = RefundOutcome.Done;
    public FieldError? GivesNothingBack { get; set; }

    public Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel) => After(OnCreate, () =>
    {
        Trades.TryAdd(order.OutNo, new ChannelTrade(TradeState.Open, "", order.Amount));
        return Code?.Invoke(order) ?? new PayCode(PayShape.Redirect, $"/{name}/{order.OutNo}");
    });

    public Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel) =>
        After(OnQuery, () => Trades.GetValueOrDefault(trade.OutNo) ?? new ChannelTrade(TradeState.Absent, "", Money.Zero));

    public Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel) => After(OnClose, () =>
    {
        if (CanClose && Trades.TryGetValue(trade.OutNo, out var open) && open.State == TradeState.Open) Trades[trade.OutNo] = open with { State = TradeState.Closed };
        return Trades[trade.OutNo];
    });

    public Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        Refunds.TryAdd(refund.RefundNo, (refund, RefundsEnd));
        return After(OnRefund, () => Answer(refund));
    }

    public Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel) => Task.FromResult(Answer(refund));

    public FieldError? NoReturn(StatementLine paid, Money amount) => GivesNothingBack;

    public ChannelNotice? Read(RawNotice notice)
    {
        var words = Encoding.UTF8.GetString(notice.Body.Span).Split(' ');
        return words is ["signed", var outNo, var tradeNo, var amount] ? new ChannelNotice(outNo, tradeNo, Money.Parse(amount), TradeState.Paid) : null;
    }

    public NoticeReply Reply(bool isTaken) => new(isTaken ? 200 : 400, isTaken ? "ok" : "no");

    public Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel) => Task.FromResult(Statement?.Invoke(day) ?? []);

    public void Pay(string outNo, string tradeNo) => Trades[outNo] = Trades[outNo] with { State = TradeState.Paid, TradeNo = tradeNo };

    private RefundAnswer Answer(ChannelRefund refund) =>
        Refunds.TryGetValue(refund.RefundNo, out var known) ? new RefundAnswer(known.Outcome, "r", "words") : new RefundAnswer(RefundOutcome.Absent);

    private static async Task<T> After<T>(Func<Task>? before, Func<T> answer)
    {
        if (before is not null) await before();
        return answer();
    }
}
