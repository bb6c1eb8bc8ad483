using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Risk;

namespace Lianka.Tests.Simulation;

/// <summary>
/// A small world, so that everything collides: merchants 1 ← 2 ← 3 and 1 ← 4, one suspended (5), one without accounts (6);
/// a handful of goods with few cards, little money in wallets, a credit line, a promotion with a small budget.
/// </summary>
internal static class Shop
{
    public static readonly SkuId Usual = new(20), Dear = new(21), Direct = new(22), Few = new(23), Unlisted = new(24), Unknown = new(29);
    public static readonly SkuId[] Skus =
        [Usual, Usual, Usual, Usual, Usual, Usual, Usual, Usual, Usual, Dear, Dear, Dear, Dear, Dear, Dear, Few, Few, Few, Few, Direct, Direct, Direct, Direct, Unlisted, Unknown];
    public static readonly MerchantId[] Merchants =
        [new(1), new(2), new(3), new(4), new(1), new(2), new(3), new(4), new(1), new(2), new(3), new(4), new(3), new(5), new(6)];
    public static readonly MerchantId[] Sellers = [new(2), new(3), new(4)];
    public const long Promotion = 50;
    public const string Channel = "test";

    private const long SupplierA = 30, SupplierB = 31;

    /// <summary>One buyer in three is suspect with dear goods, and large orders are looked at.</summary>
    public static readonly IOrderRisk Rules = new Suspicion();

    public static readonly ISupplyRouter Router = new FirstByPriority();

    private sealed class FirstByPriority : ISupplyRouter
    {
        public RouteChoice Choose(IReadOnlyList<SupplyEntry> candidates, long count, Money unit, DateTimeOffset now) => new(candidates[0], "first");
    }

    private sealed class Suspicion : IOrderRisk
    {
        public RiskVerdict Assess(in OrderFacts facts) => facts switch
        {
            { Sku: var sku, ContactKey: [0, ..] } when sku == Dear => new RiskVerdict(RiskAnswer.Block, ["contact"]),
            { Origin: OrderOrigin.Api, Quantity: 4 } => new RiskVerdict(RiskAnswer.Review, ["quantity"]),
            { Origin: OrderOrigin.Api, Address: not null, Quantity: 3 } => new RiskVerdict(RiskAnswer.StepUp, ["address"]),
            _ => RiskVerdict.Allow,
        };
    }

    /// <summary>Price books as they follow each other. Shared by all runs: a book never changes.</summary>
    private static readonly PriceBook[] _books = [.. Enumerable.Range(0, 32).Select(Book)];

    /// <summary>What was ever owed for a unit, and for how long held: the two always as they stood in one book.</summary>
    public static readonly IReadOnlySet<(SupplyId, Money, long)> Agreed =
        _books.SelectMany(b => Skus.Distinct().SelectMany(b.Supplies)).Where(s => s.Cost is not null).Select(s => (s.Id, s.Cost!.Value, s.EscrowSeconds)).ToHashSet();

    public static PriceBook AnyBook(Dice dice) => dice.Of(_books);

    /// <summary>Bits of the variant: dearer list, promotion running, cheap supply off, the few not listed, suppliers on other terms.</summary>
    /// <remarks>On other terms A is of grade C, whose money waits a day longer and whose goods are drawn last, and B gives a commission.</remarks>
    private static PriceBook Book(int variant)
    {
        bool isDearer = (variant & 1) > 0, isPromoted = (variant & 2) > 0, isCheapOff = (variant & 4) > 0, isFewOff = (variant & 8) > 0, isOnOtherTerms = (variant & 16) > 0;
        var grade = isOnOtherTerms ? "C" : "A";
        Money Owed(string cost, bool isConnected = false) => TermsRule.Owed(Yuan(cost), isOnOtherTerms ? 333 : 0, isConnected);
        var now = NodeClock.Start;
        return new(new PriceBookContent
        {
            Version = variant + 1,
            Skus =
            [
                Sku(Usual, "usual", "card", 5_000, true), Sku(Dear, "dear", "card", 5_000, true), Sku(Direct, "direct", "direct", 10, true),
                Sku(Few, "few", "card", 3, !isFewOff), Sku(Unlisted, "off", "card", 10, false),
            ],
            Supplies =
            [
                new(new(40), Usual, new(SupplierA), isCheapOff ? null : Yuan("45"), 0, 100, true) { Grade = grade },
                new(new(41), Usual, new(SupplierB), Owed("45.5001"), 1, 200, true),
                new(new(42), Dear, new(SupplierA), Yuan("50"), 0, 100, true) { Grade = grade },
                new(new(43), Few, new(SupplierB), Owed("10"), 0, 100, true),
                new(new(44), Direct, new(SupplierB), Owed("10", isConnected: true), 0, 100, true) { Connection = 1, DailyCap = 8 },
                new(new(45), Direct, new(SupplierA), isCheapOff ? null : Yuan("10.5"), 1, 200, true) { Connection = 2, Grade = grade },
                new(new(46), Direct, new(SupplierA), Yuan("13"), 0, 300, true) { Connection = 2, Grade = grade },
            ],
            Merchants =
            [
                Merchant(1, 1, null), Merchant(2, 2, 1), Merchant(3, 3, 2), Merchant(4, 3, 1),
                Merchant(5, 3, 1) with { IsActive = false }, Merchant(6, 3, 1),
            ],
            LevelPrices =
            [
                new(Usual, 1, Yuan("46")), new(Usual, 2, Yuan("47")), new(Usual, 3, Yuan(isDearer ? "48.5" : "48")),
                new(Dear, 1, Yuan("51")), new(Dear, 2, Yuan("52")), new(Dear, 3, Yuan("53")),
                new(Few, 1, Yuan("12")), new(Few, 2, Yuan("13.0101")), new(Few, 3, Yuan("14")), new(Direct, 1, Yuan("12")), new(Direct, 2, Yuan("13")), new(Direct, 3, Yuan("14")),
            ],
            Markups = [new(1, new(1), new(4), null, false, 333)],
            Tiers = [new(1, Usual, 3, 50)],
            Promotions = isPromoted ? [new(Promotion, Dear, 800, now.AddDays(-1), now.AddDays(30), "促销", "Promotion")] : [],
            Retails =
            [
                .. Sellers.SelectMany(m => (RetailPrice[])
                    [new(m, Usual, Yuan(isDearer ? "50.00" : "49.50")), new(m, Dear, Yuan("55.00")), new(m, Few, Yuan("15.00")), new(m, Direct, Yuan("16.00"))]),
            ],
        });
    }

    public static Money Yuan(string text) => Money.Parse(text);

    /// <summary>Accounts, stock and money at the beginning.</summary>
    public static void Furnish(Simulation world)
    {
        var (tables, dice) = (world.Tables, world.Dice);
        foreach (var merchant in (long[])[1, 2, 3, 4, 5])
        {
            Open(AccountKinds.Wallet, merchant, merchant == 3 && dice.OneIn(3) ? -100 * Money.UnitsPerYuan : 0);
            foreach (var kind in (string[])[AccountKinds.Escrow, AccountKinds.CommissionPending, AccountKinds.CommissionAvailable]) Open(kind, merchant, 0);
            Open(AccountKinds.Receivable, merchant, null);
        }

        foreach (var supplier in (long[])[SupplierA, SupplierB])
        {
            Open(AccountKinds.Payable, supplier, 0);
            Open(AccountKinds.Deposit, supplier, 0);
            Open(AccountKinds.Receivable, supplier, null);
        }

        Open(AccountKinds.Promotion, Promotion, 0);
        foreach (var kind in (string[])[AccountKinds.Revenue, AccountKinds.Fees, AccountKinds.Loss, AccountKinds.Suspense, AccountKinds.Settling,
            AccountKinds.Clearing(Channel), AccountKinds.Clearing("bank")])
            Open(kind, Parties.Platform, null);

        foreach (var (id, from, to) in new[] { (70L, -1_000, 60_000), (71L, 300, 60_000), (72L, -1_000, 150) })
        {
            tables.Sales[new SaleId(id)] = new FlashSale
            {
                Id = new SaleId(id), StorefrontId = new StorefrontId(60), MerchantId = new(3), SkuId = Usual, Units = dice.Between(1, 5), Price = Yuan("49.00"),
                Quota = dice.Between(1, 2), PaySeconds = 30, FromAt = NodeClock.Start.AddMilliseconds(from), ToAt = NodeClock.Start.AddMilliseconds(to),
                CreatedAt = NodeClock.Start.AddDays(-1),
            };
        }

        for (var lots = dice.Between(4, 9); lots > 0; lots--) AddLot(world);
        foreach (var merchant in (long[])[1, 2, 3, 4]) Fund(world, AccountKinds.Wallet, merchant, dice.Between(0, 10_000_000));
        if (dice.OneIn(2)) Fund(world, AccountKinds.Deposit, SupplierA, dice.Between(0, 500_000));
        Fund(world, AccountKinds.Promotion, Promotion, dice.Between(0, 200_000));

        void Open(string kind, long party, long? floor)
        {
            var id = new AccountId(500 + tables.Accounts.Count);
            tables.Accounts[id] = new Account(id, kind, party, AccountKinds.IsLimited(kind), floor, Money.Zero, Money.Zero);
            tables.AccountIds[new AccountName(kind, party)] = id;
        }
    }

    public static void AddLot(Simulation world)
    {
        var dice = world.Dice;
        var (supply, sku, supplier) = dice.Of<(long, SkuId, long)>(
            [(40, Usual, SupplierA), (40, Usual, SupplierA), (41, Usual, SupplierB), (42, Dear, SupplierA), (43, Few, SupplierB)]);
        var now = NodeClock.Start.AddMicroseconds(world.Timeline.Micros);
        var id = new LotId(world.NextId());
        world.Tables.Lots[id] = new LotRow(id, sku, new(supply), new(supplier),
            dice.OneIn(4) ? now.AddMilliseconds(dice.Between(50, 3_000)) : null, now, 1, dice.Between(1, 14));
    }

    /// <summary>Money from outside, as a posting of the ledger's own.</summary>
    public static void Fund(Simulation world, string kind, long party, long units)
    {
        if (units <= 0) return;
        var bank = world.Tables.Accounts[world.Tables.AccountOf(AccountKinds.Clearing("bank"), Parties.Platform)];
        Move(world, "top_up", bank, world.Tables.Accounts[world.Tables.AccountOf(kind, party)], new Money(units));
    }

    /// <summary>A posting of the ledger's own, between an account with a running balance and one without.</summary>
    public static void Move(Simulation world, string kind, Account from, Account to, Money amount)
    {
        var changes = new Changes(world.Tables);
        var (id, number) = (world.NextId(), world.Draw().Next());
        changes.Post(new NewPosting(id, kind, null!, "", "operator"));
        changes.Move(number, new TransferRow(new PostingId(id), kind, from.Id, to.Id, amount,
            from.IsLimited ? from.Balance - amount : null, to.IsLimited ? to.Balance + amount : null, null, NodeClock.Start));
        if (from.IsLimited) changes.SetBalance(from.Id, from.Balance - amount, number);
        if (to.IsLimited) changes.SetBalance(to.Id, to.Balance + amount, number);
        changes.Apply();
    }

    private static SkuEntry Sku(SkuId id, string code, string kind, long most, bool isListed) =>
        new(id, code, new ProductId(10), kind, most, isListed, Yuan("10"), Yuan("60"), Yuan("49.50"));

    private static MerchantEntry Merchant(long id, int level, long? parent) =>
        new(new(id), $"m{id}", "商", "Merchant", level, parent is { } p ? new MerchantId(p) : null, true);
}
