using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Risk;

namespace Lianka.Tests.Unit.Orders;

/// <summary>
/// A tree of three merchants (1 ← 2 ← 3), one SKU (50.00 face) at 46 / 47 / 48 for levels 1 to 3, two suppliers
/// (30 at cost 45, 31 at cost 45.5) and whatever stock and money a test gives it.
/// </summary>
internal sealed class SmallWorld
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly SkuId Sku = new(20);
    public static readonly MerchantId Top = new(1), Middle = new(2), Leaf = new(3);
    public static readonly StorefrontId Shop = new(60);
    public static readonly SupplierId Cheap = new(30), Dear = new(31);
    public static readonly SupplyId CheapSupply = new(40), DearSupply = new(41);
    public const long PromotionId = 50;

    private readonly List<OpenLot> _lots = [];
    private readonly Dictionary<(string Kind, long Party), Account> _accounts = [];
    private readonly Dictionary<SaleId, FlashSale> _sales = [];
    private readonly LedgerNumbers _numbers = new([LedgerNumbers.Start, LedgerNumbers.Start + LedgerNumbers.Block]);

    public DateTimeOffset Now { get; set; } = Start;
    public Money? CheapCost { get; init; } = Yuan("45.0000");
    public Money? DearCost { get; init; } = Yuan("45.5000");
    public Money? Retail { get; init; } = Yuan("49.50");
    public long PromotionBps { get; init; }
    public bool IsListed { get; init; } = true;
    public IOrderRisk Risk { get; init; } = NoOrderRules.Instance;
    public long QuantityMax { get; init; } = 5_000;
    public string LeafPrice { get; init; } = "48.0000";

    /// <summary>The SKU is bought from the suppliers' systems, connection 1 and 2.</summary>
    public bool IsDirect { get; init; }
    public long? CheapConnection { get; init; } = 1;
    public long? CheapCap { get; init; }
    public string[] CheapRegions { get; init; } = [];
    public long BatchMax { get; init; } = 1;
    public string? CheapGrade { get; set; }

    public SmallWorld()
    {
        foreach (var merchant in (long[])[1, 2, 3])
        {
            Open(AccountKinds.Wallet, merchant);
            Open(AccountKinds.Escrow, merchant);
            Open(AccountKinds.CommissionPending, merchant);
            Open(AccountKinds.CommissionAvailable, merchant);
            Open(AccountKinds.Receivable, merchant, floor: null);
        }

        foreach (var supplier in (long[])[30, 31])
        {
            Open(AccountKinds.Payable, supplier);
            Open(AccountKinds.Deposit, supplier);
            Open(AccountKinds.Receivable, supplier, floor: null);
        }

        Open(AccountKinds.Promotion, PromotionId);
        foreach (var kind in (string[])[AccountKinds.Revenue, AccountKinds.Fees, AccountKinds.Loss, AccountKinds.Suspense,
            AccountKinds.Settling, AccountKinds.Clearing("test"), AccountKinds.Clearing("bank")])
            Open(kind, Parties.Platform);
    }

    public static Money Yuan(string text) => Money.Parse(text);

    public SmallWorld Cards(long count, SupplyId? supply = null, DateTimeOffset? expires = null)
    {
        var from = supply ?? CheapSupply;
        _lots.Add(new OpenLot(new LotId(100 + _lots.Count), Sku, from, from == CheapSupply ? Cheap : Dear, expires,
            Start.AddSeconds(_lots.Count), 1, count, []));
        return this;
    }

    public SmallWorld Without(string kind, long party)
    {
        _accounts.Remove((kind, party));
        return this;
    }

    public SmallWorld Fund(string kind, long party, string amount)
    {
        var account = _accounts[(kind, party)];
        _accounts[(kind, party)] = account with { Balance = account.Balance + Yuan(amount) };
        var bank = _accounts[(AccountKinds.Clearing("bank"), 0)];
        _accounts[(bank.Kind, 0)] = bank with { Balance = bank.Balance - Yuan(amount) };
        return this;
    }

    public BatchState State(params Order[] orders) => _state ??= new BatchState(new Loaded
    {
        Prices = Prices(),
        Stock = new Stock(_lots),
        Numbers = _numbers,
        Orders = orders,
        Accounts = _accounts.Values,
        Sales = _sales.Values,
    }, Now, Risk, new FirstSupply());

    private BatchState? _state;

    /// <summary>Runs a command and applies it, as the engine does.</summary>
    public OrderDecision Run(OrderCommand command)
    {
        var verdict = DecideCommand.Decide(command, State().NextIds(), State());
        if (verdict.Effects is { } effects) State().Apply(effects);
        return verdict.Decision;
    }

    /// <summary>The same world some time later.</summary>
    public SmallWorld Later(TimeSpan by, IEnumerable<Order> orders, Action<SmallWorld>? meanwhile = null)
    {
        var before = State();
        var accounts = _accounts.Keys.Select(k => before.Account(k.Kind, k.Party)!).ToList();
        foreach (var account in accounts)
            _accounts[(account.Kind, account.PartyId)] = account with { Balance = BalanceOf(account.Kind, account.PartyId) };
        meanwhile?.Invoke(this);
        Now += by;
        _state = new BatchState(new Loaded
        {
            Prices = Prices(),
            Stock = new Stock(before.Stock.Lots(Sku)),
            Numbers = _numbers,
            Orders = [.. orders.Select(o => before.Order(o.Id)!)],
            Accounts = _accounts.Values,
            Sales = [.. _sales.Keys.Select(id => before.Sale(id)!)],
        }, Now, Risk, new FirstSupply());
        return this;
    }

    /// <summary>A flash sale at 49.00 that runs for an hour, unless told otherwise.</summary>
    public SmallWorld FlashSale(long units, long id = 70, long quota = 2, TimeSpan from = default, TimeSpan? to = null)
    {
        _sales[new SaleId(id)] = new FlashSale
        {
            Id = new SaleId(id), StorefrontId = Shop, MerchantId = Leaf, SkuId = Sku, Units = units, Price = Yuan("49.00"), Quota = quota,
            PaySeconds = 60, FromAt = Start + from, ToAt = Start + (to ?? TimeSpan.FromHours(1)), CreatedAt = Start.AddDays(-1),
        };
        return this;
    }

    public FlashSale Sale(long id = 70) => State().Sale(new SaleId(id))!;

    public OrderCommand.Reserve Attempt(long buyer, long quantity = 1, long sale = 70, string retail = "49.00")
    {
        var claim = new SaleClaim(new SaleId(sale), buyer);
        return new(Shop, Leaf, claim.ClientKey, Sku, quantity, Yuan(retail), Yuan("0.30"), "test", null, "", [], Now.AddSeconds(60), "ticket", claim);
    }

    public IEnumerable<Account> AccountNames() => _accounts.Values;

    public string Balance(string kind, long party) => BalanceOf(kind, party).ToString();

    /// <summary>A folded account's balance is not kept on the way of money: it is what its transfers sum to.</summary>
    public Money BalanceOf(string kind, long party)
    {
        var account = State().Account(kind, party)!;
        return account.IsLimited ? account.Balance : Moved(account, Transfers(State()));
    }

    /// <summary>What moved in the batch: what stands in transfer_row, and what orders tell by themselves.</summary>
    public static List<TransferRow> Transfers(BatchState state) =>
    [
        .. state.Writes.Transfers.Select(t => t.Row),
        .. state.Writes.NewOrders.Where(o => o.PayerAfter is not null).Select(o =>
            new TransferRow(new PostingId(o.Id.Value), "order", o.PayerAccount, o.EscrowAccount, o.Total, o.PayerAfter, null, o.Id, o.CreatedAt)),
    ];

    private static Money Moved(Account account, IEnumerable<TransferRow> transfers) => transfers.Aggregate(account.Balance, (sum, t) =>
        t.Credit == account.Id ? sum + t.Amount : t.Debit == account.Id ? sum - t.Amount : sum);

    public OrderCommand.Place Place(string key, long quantity, string max, MerchantId? merchant = null, string? fields = null, string? revealTo = null) =>
        new(OrderSource.Api, merchant ?? Leaf, key, Sku, quantity, Yuan(max), fields, null, "key:test", revealTo);

    public OrderCommand.Reserve Reserve(string key, long quantity, string fee = "0", string retail = "49.50", byte contact = 1) =>
        new(Shop, Leaf, key, Sku, quantity, Yuan(retail), Yuan(fee), "test", null, "a@example.com", [contact],
            Now.AddMinutes(15), "buyer");

    public PriceBook Prices() => new(new PriceBookContent
    {
        Version = 1,
        Skus = [new SkuEntry(Sku, "game-50", new ProductId(10), IsDirect ? "direct" : "card", QuantityMax, IsListed, Yuan("48.00"), Yuan("55.00"), Yuan("49.50"))],
        Supplies =
        [
            new SupplyEntry(CheapSupply, Sku, Cheap, CheapCost, 0, 100, true) { Connection = CheapConnection, DailyCap = CheapCap, Regions = CheapRegions, Grade = CheapGrade, BatchMax = BatchMax },
            new SupplyEntry(DearSupply, Sku, Dear, DearCost, 3_600, 100, true) { Connection = 2 },
        ],
        Merchants =
        [
            new MerchantEntry(Top, "top", "总", "Top", 1, null, true),
            new MerchantEntry(Middle, "middle", "中", "Middle", 2, Top, true),
            new MerchantEntry(Leaf, "leaf", "叶", "Leaf", 3, Middle, true),
        ],
        LevelPrices = [new LevelPrice(Sku, 1, Yuan("46.0000")), new LevelPrice(Sku, 2, Yuan("47.0000")), new LevelPrice(Sku, 3, Yuan(LeafPrice))],
        Promotions = PromotionBps == 0 ? [] :
            [new Promotion(PromotionId, Sku, PromotionBps, Start.AddDays(-1), Start.AddDays(30), "促销", "Promotion")],
        Retails = Retail is { } retail ? [new(Leaf, Sku, retail)] : [],
    });

    private void Open(string kind, long party, long? floor = 0) =>
        _accounts[(kind, party)] = new Account(new AccountId(500 + _accounts.Count), kind, party, AccountKinds.IsLimited(kind),
            AccountKinds.IsLimited(kind) ? floor : null, Money.Zero, Money.Zero);
}
