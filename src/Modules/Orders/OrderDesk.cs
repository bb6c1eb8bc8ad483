using System.Diagnostics.CodeAnalysis;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>The engine's queue is full: nothing was done, and the caller may come again shortly.</summary>
public sealed class EngineBusyException() : Exception("The order queue is full.")
{
    /// <summary>When to come again; for the Retry-After header.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}

/// <summary>What a list of orders is narrowed to. All given conditions hold together.</summary>
/// <param name="Before">Orders before this one (newest first); the cursor.</param>
/// <param name="Text">Part of a client number, or a whole order number.</param>
public sealed record OrderFilter(
    MerchantId? Merchant = null, OrderStatus? Status = null, SkuId? Sku = null, OrderSource? Source = null,
    StorefrontId? Storefront = null, long? Buyer = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    string? Text = null, OrderId? Before = null, int Limit = 50);

public sealed record OrderPage(IReadOnlyList<Order> Orders, OrderId? Next);

public sealed record TimelineEvent(string Kind, string Actor, DateTimeOffset At, string? Data);

/// <summary>One party's part of one released order.</summary>
public sealed record Share(OrderId Order, long PartyId, string Role, Money Amount, DateTimeOffset At);

/// <summary>What a merchant earned from one source.</summary>
/// <param name="Child">The direct child below whom the sale was made; null: own retail sales.</param>
public sealed record EarningsLine(MerchantId? Child, long Orders, long Units, Money Turnover, Money Released, Money Waiting);

/// <param name="Waiting">Escrowed still: sold, not yet released.</param>
public sealed record SupplierSales(SkuId Sku, long Units, Money Released, Money Waiting);

/// <summary>A card whose secret was opened for its owner.</summary>
public sealed record OrderCard(string? Number, string Secret, string Kind, DateTimeOffset? ExpiresAt);

/// <summary>The front door of Orders: commands to the engine, and what may be asked about orders.</summary>
public sealed class OrderDesk(Database database)
{
    private readonly Database _database = database;

    /// <summary>Runs one command in the engine's next batch. When this returns, the outcome is durable.</summary>
    /// <exception cref="EngineBusyException">The queue is full; nothing was done.</exception>
    public Task<OrderDecision> RunAsync(OrderCommand command, CancellationToken cancel = default) => throw new NotSupportedException(command.ToString());

    /// <param name="tenant">When given, another merchant's order is as if it did not exist.</param>
    public Task<Order?> FindAsync(OrderId id, MerchantId? tenant = null) => throw new NotSupportedException();

    public Task<Order?> FindByKeyAsync(MerchantId merchant, string clientKey) => throw new NotSupportedException();

    /// <summary>A retail order by its number and the buyer's contact (keyed hash); null when either is wrong.</summary>
    public Task<Order?> FindByContactAsync(OrderId id, byte[] contactKey) => throw new NotSupportedException();

    public Task<OrderPage> ListAsync(OrderFilter filter) => throw new NotSupportedException();

    public Task<IReadOnlyList<TimelineEvent>> TimelineAsync(OrderId id) => throw new NotSupportedException();

    /// <summary>Opens the cards of an order that was revealed (run <see cref="OrderCommand.Reveal"/> first).</summary>
    public Task<IReadOnlyList<OrderCard>> CardsAsync(Order order) => throw new NotSupportedException();

    /// <summary>The frozen split of an order as it stands: who gets how much when it is released.</summary>
    public Task<IReadOnlyList<Share>> SharesAsync(Order order) => throw new NotSupportedException();

    public Task<IReadOnlyList<EarningsLine>> EarningsAsync(MerchantId merchant) => throw new NotSupportedException();

    public Task<IReadOnlyList<SupplierSales>> SalesAsync(SupplierId supplier) => throw new NotSupportedException();
}
