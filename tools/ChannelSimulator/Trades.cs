using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.ChannelSimulator;

/// <summary>How a refund that was asked for ended.</summary>
internal enum RefundTold { New, Repeated, NotPaid, TooMuch, Other }

/// <summary>The business behind all protocols: what was opened, paid, closed and given back, and what goes wrong.</summary>
internal sealed class Trades(int seed)
{
    private readonly ConcurrentDictionary<(string Protocol, string Merchant, string OutNo), Trade> _trades = [];
    private readonly ConcurrentDictionary<string, Behaviour> _behaviours = new() { [""] = new Behaviour() };
    private static long _aheadTicks;
    private long _lastNo;

    public ICollection<Trade> All => _trades.Values;

    /// <summary>The channels' clock, which may be turned ahead of the real one.</summary>
    public static DateTimeOffset Now => DateTimeOffset.UtcNow.AddTicks(Interlocked.Read(ref _aheadTicks));

    public static void Turn(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    /// <param name="channel"><c>protocol:merchant</c>, <c>protocol</c>, or nothing for all that have none of their own.</param>
    public void Behave(string channel, Behaviour behaviour) => _behaviours[channel] = behaviour;

    public Behaviour Behaviour(string protocol, string merchant = "") =>
        _behaviours.TryGetValue($"{protocol}:{merchant}", out var own) || _behaviours.TryGetValue(protocol, out own) ? own : _behaviours[""];

    public void Reset()
    {
        _trades.Clear();
        _behaviours.Clear();
        _behaviours[""] = new Behaviour();
        Interlocked.Exchange(ref _aheadTicks, 0);
    }

    /// <summary>A number that was not used before in this run.</summary>
    public string NextNo(int digits) =>
        Interlocked.Increment(ref _lastNo).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    public Trade? Find(string protocol, string merchant, string outNo) => _trades.GetValueOrDefault((protocol, merchant, outNo));

    /// <summary>By our number or the channel's, whichever merchant's.</summary>
    public Trade? Find(string number) => _trades.Values.FirstOrDefault(t => t.OutNo == number || t.TradeNo == number);

    /// <returns>The trade that was there before, or the new one.</returns>
    public Trade Add(Trade trade) => _trades.GetOrAdd((trade.Protocol, trade.Merchant, trade.OutNo), trade);

    /// <param name="isLate">Even though it is closed.</param>
    /// <returns>False: it was paid before, or is closed.</returns>
    public static bool Pay(Trade trade, bool isLate = false)
    {
        lock (trade)
        {
            var status = trade.StatusAt(Now);
            if (status == TradeStatus.Paid || (status == TradeStatus.Closed && !isLate)) return false;
            (trade.Status, trade.PaidAt) = (TradeStatus.Paid, Now);
            return true;
        }
    }

    /// <returns>False: it is paid.</returns>
    public static bool Close(Trade trade)
    {
        lock (trade)
        {
            if (trade.Status == TradeStatus.Paid) return false;
            if (trade.Status != TradeStatus.Closed) (trade.Status, trade.ClosedAt) = (TradeStatus.Closed, Now);
            return true;
        }
    }

    public static void Open(Trade trade)
    {
        lock (trade)
        {
            if (trade.Status == TradeStatus.Unseen) trade.Status = TradeStatus.Open;
        }
    }

    public (Refund? Refund, RefundTold Told) Return(Trade trade, string outNo, long fen, string refundNo, string notifyUrl = "")
    {
        var does = Behaviour(trade.Protocol, trade.Merchant);
        lock (trade)
        {
            if (trade.Refunds.Find(r => r.OutNo == outNo) is { } known) return (known, known.Fen == fen ? RefundTold.Repeated : RefundTold.Other);
            if (trade.Status != TradeStatus.Paid) return (null, RefundTold.NotPaid);
            if (fen <= 0 || trade.RefundedFen(Now) + fen > trade.Fen) return (null, RefundTold.TooMuch);
            var refund = new Refund
            {
                OutNo = outNo, RefundNo = refundNo, Fen = fen, NotifyUrl = notifyUrl, CreatedAt = Now, DoneAt = Now.AddMilliseconds(does.RefundPendingMs),
                IsFailing = Chance("refund-fail", outNo, does.RefundFailBps),
            };
            trade.Refunds.Add(refund);
            return (refund, RefundTold.New);
        }
    }

    /// <summary>A paid trade that no shop of ours asked for, at the same merchant number as another one.</summary>
    public Trade PaidForNobody(Trade like, string outNo, long fen)
    {
        var no = NextNo(5);
        var trade = new Trade
        {
            Protocol = like.Protocol, Merchant = like.Merchant, OutNo = outNo, TradeNo = like.TradeNo[..^5] + no, Method = like.Method, Fen = fen, Currency = like.Currency, Subject = "somebody else's",
            CreatedAt = Now, ExpiresAt = Now, Status = TradeStatus.Paid, PaidAt = Now,
            // Notes may hold numbers of their own: the channel's of the payment, ours.
            Notes = like.Notes.ToDictionary(n => n.Key, n => n.Key switch { "pi" => n.Value[..^5] + no, "out_no" => outNo, _ => n.Value }),
        };
        return Add(trade);
    }

    /// <summary>The buyer's bank takes back what is left of a paid trade; no merchant asked for it.</summary>
    /// <returns>False: it is not paid, or nothing is left.</returns>
    public bool ChargeBack(Trade trade)
    {
        lock (trade)
        {
            var fen = trade.Fen - trade.RefundedFen(Now);
            if (trade.Status != TradeStatus.Paid || fen == 0) return false;
            var number = "dp_" + NextNo(12);
            trade.Refunds.Add(new Refund { OutNo = number, RefundNo = number, Fen = fen, CreatedAt = Now, DoneAt = Now, IsFailing = false, IsChargeBack = true });
            return true;
        }
    }

    /// <summary>The same for the same seed, purpose and key, in whichever order they come.</summary>
    public bool Chance(string what, string key, int bps)
    {
        if (bps == 0) return false;
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}:{what}:{key}")));
        return BitConverter.ToUInt32(digest) % 10_000 < bps;
    }

    /// <summary>What the channel booked for a merchant on a day of its calendar, with the faults of statements.</summary>
    /// <param name="zone">Of the channel's calendar.</param>
    public IReadOnlyList<Booked> Statement(string protocol, string merchant, DateOnly day, TimeSpan zone)
    {
        var does = Behaviour(protocol, merchant);
        var lines = new List<Booked>();
        foreach (var trade in _trades.Values.Where(t => t.Protocol == protocol && t.Merchant == merchant))
        {
            lock (trade)
            {
                if (trade.PaidAt is { } paid && DayOf(paid) == day) lines.Add(new Booked(trade, null, trade.Fen, Fee(trade.Fen, does), paid));
                lines.AddRange(trade.Refunds.Where(r => r.StatusAt(Now) == RefundStatus.Done && DayOf(r.DoneAt) == day)
                    .Select(r => new Booked(trade, r, r.Fen, r.IsChargeBack ? 0 : -Fee(r.Fen, does), r.DoneAt)));
            }
        }

        lines = [.. lines.OrderBy(l => l.At).ThenBy(l => l.Trade.OutNo, StringComparer.Ordinal)];
        for (var i = 0; i < Math.Min(does.StatementFenOff, lines.Count); i++) lines[i] = lines[i] with { Fen = lines[i].Fen + 1 };
        return lines[..Math.Max(0, lines.Count - does.StatementMissing)];

        DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(zone).DateTime);
    }

    public static long Fee(long fen, Behaviour does) => ((fen * does.FeeBps) + 5_000) / 10_000;
}

/// <param name="Refund">Null: a payment.</param>
/// <param name="FeeFen">Below zero: given back.</param>
internal sealed record Booked(Trade Trade, Refund? Refund, long Fen, long FeeFen, DateTimeOffset At);
