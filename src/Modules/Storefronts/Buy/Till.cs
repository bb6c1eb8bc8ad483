using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>Opens a retail order and its payment.</summary>
internal sealed class Till(
    OrderDesk orders, PaymentDesk payments, ContactKeys contacts, Database database, TimeProvider clock, ILogger<Till> logger)
{
    private const string Channel = ChannelNames.Test;

    /// <summary>How long stock is held for a buyer who has not paid; a setting may say otherwise.</summary>
    private const long HoldSeconds = 15 * 60;

    /// <param name="fields">What a direct SKU asks for, as canonical JSON; empty: nothing.</param>
    /// <param name="token">The form's one-time token: a double click is one order (F15).</param>
    /// <param name="seen">The price the buyer saw, per unit.</param>
    public async Task<OrderDecision> ReserveAsync(
        Shop shop, Choice choice, long quantity, Money seen, Contact contact, string fields, string token, long? buyer, CancellationToken cancel)
    {
        // Content is part of the key, so that a changed quantity is another order and not a conflict with the first press.
        var key = $"web:{token}:{choice.Sku.Id.Value}:{quantity}:{seen.Units}{(fields.Length > 0 ? $":{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fields)))[..16]}" : "")}";
        return await orders.RunAsync(new OrderCommand.Reserve(
            shop.Id, shop.MerchantId, key, choice.Sku.Id, quantity, seen, ChannelFees.Expected(Channel, seen * quantity),
            Channel, buyer, contact.Value, contacts.Of(contact), clock.Now() + await HoldTimeAsync(cancel), "buyer",
            Fields: fields.Length > 0 ? fields : null), cancel);
    }

    /// <summary>Sends the payment to its channel, if that has not happened yet.</summary>
    /// <param name="returnTo">Where the channel sends the buyer afterwards; null: to the shop's cashier, which goes on to the order.</param>
    /// <returns>Null while the channel does not answer; the page offers to try again.</returns>
    public async Task<Payment?> StartAsync(Shop shop, Order order, string subject, CancellationToken cancel, string? returnTo = null)
    {
        try
        {
            return await payments.StartAsync(order.Id, subject, returnTo ?? shop.Url($"/pay/{order.Id}"), cancel);
        }
        catch (ChannelException fault)
        {
            logger.LogWarning("The payment of {Order} could not be opened: {Why}", order.Id, fault.Message);
            return null;
        }
    }

    private async Task<TimeSpan> HoldTimeAsync(CancellationToken cancel)
    {
        var set = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = 'retail.hold_seconds'"), cancel);
        return TimeSpan.FromSeconds(long.TryParse(set, out var seconds) && seconds > 0 ? seconds : HoldSeconds);
    }
}
