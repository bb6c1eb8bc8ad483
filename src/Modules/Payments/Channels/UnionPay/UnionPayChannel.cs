using System.IO.Compression;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.UnionPay.Core;
using Lianka.Modules.Payments.Channels.Wire;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.UnionPay;

/// <summary>One merchant number at UnionPay's gateway.</summary>
/// <remarks>
/// UnionPay hears of a trade when the buyer's browser sends the form, and has no call that closes one: it ends with the time
/// that the form gives. Held by: tests/Unit/Payments/UnionPayExamples.cs, tests/Integration/Channels/UnionPayTests.cs.
/// </remarks>
internal sealed class UnionPayChannel(ChannelTerms terms, GuardedHttp http, TimeProvider clock) : IChannel
{
    private const string FileUrlInEarnest = "https://filedownload.95516.com/";

    private const string NoFile = "98";

    private readonly string _gateway = terms.BaseUrl.TrimEnd('/');
    private readonly UnionPayTrust _trust = new(terms["root_cert"], terms["middle_cert"], terms.BaseUrl.TrimEnd('/') == UnionPayProtocol.InEarnest);
    private readonly UnionPayKey _key = UnionPayKey.TryOpen(terms["pfx"], terms["pfx_password"]) ?? throw new ArgumentException("The terms were not checked.", nameof(terms));

    /// <summary>The same form for the same order.</summary>
    public Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var isPhone = order.Method == "wap";
        var fields = Message("01", "01", "000201", order.CreatedAt, isPhone ? "08" : "07");
        (fields["orderId"], fields["txnAmt"], fields["currencyCode"]) = (order.OutNo, FenText.Fen(order.Amount), UnionPayTrades.Yuan);
        (fields["frontUrl"], fields["backUrl"]) = (order.ReturnUrl, terms.NotifyUrl);
        fields["payTimeout"] = fields["reqReserved"] = UnionPayTrades.PayTimeout(order);
        return Task.FromResult(new PayCode(PayShape.Form, $"{_gateway}/gateway/api/frontTransReq.do", _key.Signed(fields)));
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel)
    {
        var answer = await QueryAsync(trade.OutNo, trade.CreatedAt, cancel);
        return answer is null ? new ChannelTrade(TradeState.Absent, "", Money.Zero)
            : UnionPayTrades.Read(answer, trade.OutNo, clock.GetUtcNow()) ?? throw new ChannelException("The answer to queryTrans is not about this trade.");
    }

    /// <summary>One that UnionPay never heard of is closed when no form of it can be sent any more, and <see cref="TradeState.Open"/> until then.</summary>
    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        var now = await QueryAsync(trade, cancel);
        if (now.State != TradeState.Absent) return now;
        var isOver = clock.GetUtcNow() > trade.CreatedAt + UnionPayTrades.LifeMax + UnionPayTrades.Margin;
        return now with { State = isOver ? TradeState.Closed : TradeState.Open };
    }

    /// <summary>Taken is not done: how it ended comes as a notice, or is asked for.</summary>
    public async Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var tradeNo = refund.Trade.TradeNo is { Length: > 0 } known ? known : (await QueryAsync(refund.Trade, cancel)).TradeNo;
        if (tradeNo.Length == 0) return new RefundAnswer(RefundOutcome.Failed, Detail: "UnionPay has no paid trade of this number.");
        var fields = Message("04", "00", "000201", refund.CreatedAt, "07");
        (fields["orderId"], fields["txnAmt"], fields["origQryId"]) = (refund.RefundNo, FenText.Fen(refund.Amount), tradeNo);
        (fields["backUrl"], fields["reqReserved"]) = (terms.NotifyUrl, refund.Trade.OutNo);
        var answer = await AskAsync($"{_gateway}/gateway/api/backTransReq.do", "backTransReq", fields, cancel);
        var code = answer.GetValueOrDefault("respCode", "");
        if (UnionPayTrades.IsDone(code) || UnionPayTrades.IsUnknown(code)) return new RefundAnswer(RefundOutcome.Pending, answer.GetValueOrDefault("queryId", ""));
        return code == UnionPayTrades.Repeated ? await QueryRefundAsync(refund, cancel) : new RefundAnswer(RefundOutcome.Failed, Detail: Words(answer));
    }

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var answer = await QueryAsync(refund.RefundNo, refund.CreatedAt, cancel);
        return answer is null ? new RefundAnswer(RefundOutcome.Absent)
            : UnionPayTrades.ReadRefund(answer, refund) ?? throw new ChannelException("The answer to queryTrans is not about this refund.");
    }

    /// <summary>The protocol's notices have no time of their own: an old one is as good as a new one.</summary>
    public ChannelNotice? Read(RawNotice notice) =>
        WireForm.Read(notice.Body.Span) is { } fields && _trust.IsGenuine(fields, clock.GetUtcNow()) ? UnionPayTrades.ReadNotice(fields, terms["mer_id"]) : null;

    public NoticeReply Reply(bool isTaken) => new(isTaken ? 200 : 500, isTaken ? "ok" : "fail");

    /// <summary>Of UnionPay's settlement day, which ends at 23:00 of China's time.</summary>
    public async Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        var fields = Message("76", "01", "000000", clock.GetUtcNow(), null);
        (fields["fileType"], fields["settleDate"]) = ("00", day.ToString("MMdd", System.Globalization.CultureInfo.InvariantCulture));
        var address = terms["file_url"] is { Length: > 0 } own ? own : terms.BaseUrl.TrimEnd('/') == UnionPayProtocol.InEarnest ? FileUrlInEarnest : $"{_gateway}/";
        var answer = await AskAsync(address, "file download", fields, cancel, ChannelHttp.FileLimit, ChannelHttp.FileBytesMax);
        // They say the same for a file that is not written yet and for a day without trades. It is written by nine in the morning.
        var ready = new DateTimeOffset(day.AddDays(1).ToDateTime(new TimeOnly(12, 0)), FenText.China);
        if (answer.GetValueOrDefault("respCode") == NoFile && clock.GetUtcNow() >= ready) return [];
        if (answer.GetValueOrDefault("respCode") != "00") throw new ChannelException($"The statement of {day:yyyy-MM-dd} is not there: {Words(answer)}.");
        // Base64 of deflated (zlib) bytes of a ZIP.
        using var packed = new ZLibStream(new MemoryStream(UnionPayMessage.Bytes(answer.GetValueOrDefault("fileContent", "")) ?? throw StatementFileException.Broken()), CompressionMode.Decompress);
        return ReadStatement(ChannelFiles.Read(packed), day);
    }

    /// <summary>The ZIP that UnionPay's console gives, or the file of trades in it.</summary>
    public IReadOnlyList<StatementLine> ReadStatement(ReadOnlyMemory<byte> file, DateOnly day)
    {
        // INN, the day of settlement, and the merchant stand in the name: INN26080688ZM_777290058110048.
        var (name, content) = ChannelFiles.Unpack(file, (entry, _) => entry.StartsWith("INN", StringComparison.Ordinal) && entry.Contains("ZM_", StringComparison.Ordinal));
        if (name.Length > 0 && !name.StartsWith(day.ToString("'INN'yyMMdd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)) throw StatementFileException.OtherDay();
        if (name.Length > 0 && !name.EndsWith($"ZM_{terms["mer_id"]}", StringComparison.Ordinal)) throw StatementFileException.OtherMerchant();
        var lines = UnionPayStatement.Read(content, day, terms["mer_id"]);
        if (name.Length == 0 && lines.Count == 0) throw StatementFileException.Empty();
        // Without the name only the times say of which day it is: UnionPay's begins at 23:00 of the evening before.
        var begin = new DateTimeOffset(day.AddDays(-1).ToDateTime(new TimeOnly(23, 0)), FenText.China) - UnionPayTrades.Margin;
        if (name.Length == 0 && lines.Any(l => l.RefundNo is null && (l.At < begin || l.At > begin.AddDays(1) + (2 * UnionPayTrades.Margin)))) throw StatementFileException.OtherDay();
        return lines;
    }

    /// <returns>Null: there is no such trade.</returns>
    private async Task<Dictionary<string, string>?> QueryAsync(string orderId, DateTimeOffset createdAt, CancellationToken cancel)
    {
        var fields = Message("00", "00", "000000", createdAt, "07");
        fields["orderId"] = orderId;
        var answer = await AskAsync($"{_gateway}/gateway/api/queryTrans.do", "queryTrans", fields, cancel);
        var code = answer.GetValueOrDefault("respCode", "");
        if (code == "00") return answer;
        if (code == UnionPayTrades.NoTrade) return null;
        throw UnionPayTrades.IsUnknown(code) ? new ChannelException($"UnionPay cannot tell yet: {Words(answer)}.") : new ChannelRefusedException(code, Words(answer));
    }

    private Dictionary<string, string> Message(string type, string subType, string business, DateTimeOffset at, string? channel)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = "5.1.0", ["encoding"] = "UTF-8", ["signMethod"] = "01", ["txnType"] = type, ["txnSubType"] = subType, ["bizType"] = business,
            ["accessType"] = "0", ["merId"] = terms["mer_id"], ["txnTime"] = FenText.Time(at, UnionPayTrades.TimeForm),
        };
        if (channel is not null) fields["channelType"] = channel;
        return fields;
    }

    private async Task<Dictionary<string, string>> AskAsync(string address, string what, Dictionary<string, string> fields, CancellationToken cancel, TimeSpan? limit = null, int bytesMax = GuardedHttp.BodyBytesMax)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = WireForm.Content(_key.Signed(fields)) };
        var answered = await http.AskAsync(request, what, cancel, limit, bytesMax);
        if (answered.Status != 200) throw new ChannelException($"HTTP {answered.Status} to {what}.");
        if (UnionPayMessage.ReadAnswer(Encoding.UTF8.GetString(answered.Body)) is not { } answer || !_trust.IsGenuine(answer, clock.GetUtcNow()))
            throw new ChannelException($"The answer to {what} is not signed by UnionPay.");
        if (answer.GetValueOrDefault("merId") != terms["mer_id"]) throw new ChannelException($"The answer to {what} is for another merchant.");
        return answer;
    }

    private static string Words(IReadOnlyDictionary<string, string> answer) =>
        $"{answer.GetValueOrDefault("respCode", "")} {answer.GetValueOrDefault("respMsg", "")}".TrimEnd();
}
