using System.Diagnostics.CodeAnalysis;
using Lianka.Kernel;
using Lianka.Modules.FlashSales.Core;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Vault;

namespace Lianka.Modules.FlashSales;

/// <summary>The front door of flash sales: tickets, attempts, and how a sale stands.</summary>
/// <remarks>
/// Most attempts are answered from memory: the sale is over, or all its units are taken. Only as many as there are units
/// left go to the engine, which alone decides; the others get a place in the waiting room.
/// </remarks>
public sealed class FlashDesk
{
    /// <summary>A ticket outlives its sale, so that what became of the attempt can still be asked.</summary>
    private static readonly TimeSpan _ticketOutlives = TimeSpan.FromDays(1);

    /// <summary>When the engine is this far behind, attempts wait outside: answers stay quick, and other orders come through.</summary>
    private static readonly TimeSpan _engineWaitMax = TimeSpan.FromMilliseconds(100);


    private readonly SaleWatch _watch;
    private readonly OrderDesk _orders;
    private readonly CardVault _vault;
    private readonly TimeProvider _clock;
    private readonly byte[] _ticketKey;

    internal FlashDesk(SaleWatch watch, OrderDesk orders, CardVault vault, TimeProvider clock)
    {
        (_watch, _orders, _vault, _clock) = (watch, orders, vault, clock);
        _ticketKey = vault.Fingerprint("tickets", "flash ticket key");
    }

    /// <summary>A sale as this node knows it; null when there is none, or it ended more than a day ago. No database.</summary>
    public SaleView? Find(SaleId sale) => _watch.Door(sale)?.View;

    /// <summary>The sales of a storefront that run or are to come, the next first. No database.</summary>
    public IReadOnlyList<SaleView> Of(StorefrontId shop)
    {
        var now = _clock.Now();
        return [.. _watch.Doors.Where(d => d.Sale.StorefrontId == shop && d.Sale.ToAt > now).OrderBy(d => d.Sale.FromAt).Select(d => d.View)];
    }

    /// <summary>Looks at the database now, so that a sale that was just made or ended is known here at once.</summary>
    public Task RefreshAsync(CancellationToken cancel = default) => _watch.RefreshAsync(cancel);

    /// <summary>A ticket for a buyer.</summary>
    /// <param name="buyer">Who it is, in any one form that is always the same: a contact, a number of a campaign.</param>
    public string Issue(FlashSale sale, string buyer) =>
        TicketText.Write(new Ticket(sale.Id, BuyerOf(sale.Id, buyer), sale.ToAt + _ticketOutlives), _ticketKey);

    /// <returns>False when it was not issued here, or has expired.</returns>
    public bool TryRead([NotNullWhen(true)] string? text, out Ticket ticket)
    {
        ticket = TicketText.Read(text, _ticketKey) ?? default;
        return ticket.Sale.Value > 0 && ticket.Expires > _clock.GetUtcNow();
    }

    /// <summary>Tries to reserve. The same ticket, or another of the same buyer, is the same attempt.</summary>
    /// <param name="quantity">Units, of which the sale's quota allows some.</param>
    /// <param name="contact">Where the buyer can be reached, in its normal form; empty: nowhere.</param>
    /// <returns>Null when this node knows no such sale.</returns>
    /// <exception cref="EngineBusyException">Even the waiting room is full.</exception>
    public Task<FlashAnswer?> AttemptAsync(Ticket ticket, long quantity, string contact = "") =>
        AskAsync(ticket, (byte)Math.Clamp(quantity, 0, byte.MaxValue), contact);

    /// <summary>Asks about an attempt; when its turn has come, tries again.</summary>
    /// <returns>Null when this node knows of none: it was restarted, or another node has it. Then an attempt makes it known.</returns>
    public Task<FlashAnswer?> FollowAsync(Ticket ticket) => AskAsync(ticket, null, "");

    private async Task<FlashAnswer?> AskAsync(Ticket ticket, byte? quantity, string contact)
    {
        if (_watch.Door(ticket.Sale) is not { } door) return null;
        var asked = door.Ask(ticket.Buyer, quantity, contact, isBusy: _orders.ExpectedWait > _engineWaitMax, _clock.Now());
        if (asked.Order is { } order) return new FlashAnswer.Owned((await _orders.FindAsync(order))!, IsNew: false);
        if (asked.Running is { } running) return await running;
        if (!asked.MayTry) return asked.Answer;

        OrderDecision? decision = null;
        try
        {
            decision = await _orders.RunAsync(Reserve(door.Sale, ticket, asked.Quantity, asked.Contact));
        }
        catch (EngineBusyException)
        {
            // It waits, which is the truth.
        }
        finally
        {
            asked = asked with { Answer = door.Tried(ticket.Buyer, asked.Quantity, asked.Contact, decision, _clock.Now()) };
        }

        return asked.Answer;
    }

    private OrderCommand.Reserve Reserve(FlashSale sale, Ticket ticket, long quantity, string contact)
    {
        var claim = new SaleClaim(sale.Id, ticket.Buyer);
        return new(sale.StorefrontId, sale.MerchantId, claim.ClientKey, sale.SkuId, quantity, sale.Price,
            ChannelFees.At(sale.Price * quantity, sale.FeeBps), PaymentBook.Clearing, Buyer: null, contact,
            contact.Length > 0 ? _vault.Fingerprint(contact, OrderDesk.ContactScope) : [],
            _clock.Now().AddSeconds(sale.PaySeconds), "ticket", claim);
    }

    private long BuyerOf(SaleId sale, string buyer) =>
        BitConverter.ToInt64(_vault.Fingerprint(buyer, $"flash buyer {sale.Value}")) & long.MaxValue;
}
