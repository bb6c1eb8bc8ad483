using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.SupplierSimulator;

/// <summary>What a protocol asks the desk to buy.</summary>
/// <param name="CapUnit">The most for one unit; null: no cap.</param>
internal sealed record Wish(string Protocol, string Account, string OwnNo, string Goods, long Count, string Target, decimal? CapUnit, string NotifyUrl, decimal? UnitPrice = null);

/// <summary>The business behind all protocols: buys once, remembers, and decides by seed, number and account what goes wrong.</summary>
/// <remarks>
/// The last three digits of the account decide before any share does: 100 delivered, 102 wrong number, 103 no stock, 104 down, 105 dearer
/// than the cap, 106 delivered in part, 107 late, 108 no answer and then delivered, 109 no answer and then failed.
/// </remarks>
internal sealed class Desk(int seed)
{
    private readonly ConcurrentDictionary<(string Protocol, string OwnNo), SimOrder> _byOwn = [];
    private readonly ConcurrentDictionary<long, SimOrder> _byNo = [];
    private readonly Lock _gate = new();
    private long _lastNo = 10_000_000;

    public Behaviour Behaviour { get; set; } = new();
    public ICollection<SimOrder> All => _byOwn.Values;

    /// <summary>The secret of an account there: whoever knows the rule can be several customers.</summary>
    public static string KeyOf(string account) => $"sim-key-{account}";

    public SimOrder? Find(string protocol, string account, string ownNo) => _byOwn.TryGetValue((protocol, ownNo), out var order) && order.Account == account ? order : null;

    public SimOrder? Find(long no) => _byNo.GetValueOrDefault(no);

    public void Reset()
    {
        _byOwn.Clear();
        _byNo.Clear();
    }

    /// <returns>The order and <see cref="Refusal.None"/>, or why there is none. A number that is known comes with its order.</returns>
    public (SimOrder? Order, Refusal Refusal) Buy(Wish wish)
    {
        var does = Behaviour;
        var magic = Magic(wish.Target);
        if (magic == "104" || Chance(wish, "down", does.DownBps)) return (null, Refusal.Down);
        lock (_gate)
        {
            if (_byOwn.TryGetValue((wish.Protocol, wish.OwnNo), out var known))
            {
                known.Attempts++;
                if (!does.IsIdempotent) known.Purchases++;
                return (known, Refusal.Repeated);
            }

            if (magic == "103" || (does.Stock.TryGetValue(wish.Goods, out var stock) && SoldOf(wish.Goods) + wish.Count > stock)) return (null, Refusal.Stock);
            var price = wish.UnitPrice ?? does.Prices.GetValueOrDefault(wish.Goods, does.UnitPrice);
            var isOver = magic == "105" || Chance(wish, "overcharge", does.OverchargeBps);
            if (!isOver && wish.CapUnit < price) return (null, Refusal.Price);
            if (price * wish.Count > does.Balance) return (null, Refusal.Balance);
            var order = Make(wish, does, magic, isOver ? price * 1.5m : price);
            _byOwn[(wish.Protocol, wish.OwnNo)] = order;
            _byNo[order.No] = order;
            return (order, Refusal.None);
        }
    }

    private SimOrder Make(Wish wish, Behaviour does, string magic, decimal price)
    {
        var isPlain = magic is "100" or "102" or "105" or "106" or "107" or "108" or "109";
        var mood = magic is "108" or "109" ? Mood.Abort
            : isPlain ? Mood.Plain
            : Chance(wish, "hang", does.HangBps) ? Mood.Hang
            : Chance(wish, "abort", does.AbortBps) ? Mood.Abort
            : Chance(wish, "error", does.ErrorBps) ? Mood.Error
            : Chance(wish, "html", does.HtmlBps) ? Mood.Html
            : Chance(wish, "twice", does.TwiceBps) ? Mood.Twice : Mood.Plain;
        var outcome = magic is "102" or "109" || (!isPlain && Chance(wish, "fail", does.FailBps)) ? Outcome.Failed
            : wish.Count > 1 && (magic == "106" || (!isPlain && Chance(wish, "partial", does.PartialBps))) ? Outcome.Partial : Outcome.Delivered;
        var isLate = magic == "107" || (!isPlain && Chance(wish, "late", does.LateBps));
        var done = DateTime.UtcNow.AddMilliseconds(isLate ? does.LateMs : does.DelayMs);
        return new SimOrder
        {
            Protocol = wish.Protocol, Account = wish.Account, OwnNo = wish.OwnNo, No = ++_lastNo, Goods = wish.Goods, Count = wish.Count, Target = wish.Target,
            Charged = price * wish.Count, Outcome = outcome, Mood = mood, Reason = magic == "102" ? "充值账号错误" : "运营商处理失败", DoneAt = done,
            ReversedAt = outcome != Outcome.Failed && !isPlain && Chance(wish, "reverse", does.ReverseBps) ? done.AddMilliseconds(does.ReverseMs) : DateTime.MaxValue,
            CardsOf = Chance(wish, "same-cards", does.SameCardsBps) ? wish.Goods : wish.OwnNo, NotifyUrl = wish.NotifyUrl, Attempts = 1, Purchases = 1,
        };
    }

    /// <summary>The last three characters of an account, of an e-mail address those before the @.</summary>
    private static string Magic(string target)
    {
        var account = target.Split('@')[0];
        return account.Length >= 3 ? account[^3..] : "";
    }

    private long SoldOf(string goods) => _byOwn.Values.Where(o => o.Goods == goods).Sum(o => o.Count);

    private bool Chance(Wish wish, string what, int bps) => Chance(wish.OwnNo, what, bps);

    /// <summary>The same for the same seed and number, in whichever order they come.</summary>
    public bool Chance(string ownNo, string what, int bps)
    {
        if (bps == 0) return false;
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}:{what}:{ownNo}")));
        return BitConverter.ToUInt32(digest) % 10_000 < bps;
    }
}
