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
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>Opens a retail order and its payment.</summary>
internal sealed class Till(
    OrderDesk orders, Baskets baskets, PaymentDesk payments, BankDesk bank, StorefrontFees fees, BuyerNumbers buyers, ContactKeys contacts, Database database, TimeProvider clock)
{
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
        return await orders.RunAsync(await AskAsync(shop, new Wanted(choice, quantity, seen, fields), contact, buyer, clock.Now() + await HoldTimeAsync(cancel), cancel) with { ClientKey = key }, cancel);
    }

    /// <param name="Seen">The price the buyer saw, per unit.</param>
    /// <param name="Fields">As canonical JSON; empty: nothing.</param>
    public sealed record Wanted(Choice Choice, long Quantity, Money Seen, string Fields);

    /// <summary>Opens one order for each line of a cart, and one payment for all.</summary>
    /// <param name="press">One for each press of the button with just these lines and prices.</param>
    public async Task<BasketDecision> ReserveAsync(Shop shop, IReadOnlyList<Wanted> lines, Contact contact, string press, long? buyer, CancellationToken cancel)
    {
        var end = clock.Now() + await HoldTimeAsync(cancel);
        var asks = new List<OrderCommand.Reserve>(lines.Count);
        foreach (var line in lines) asks.Add(await AskAsync(shop, line, contact, buyer, end, cancel));
        return await baskets.ReserveAsync(press, asks, cancel);
    }

    private async Task<OrderCommand.Reserve> AskAsync(Shop shop, Wanted line, Contact contact, long? buyer, DateTimeOffset end, CancellationToken cancel) => new(
        shop.Id, shop.MerchantId, "", line.Choice.Sku.Id, line.Quantity, line.Seen, ChannelFees.At(line.Seen * line.Quantity, await fees.BpsAsync(cancel)),
        PaymentBook.Clearing, buyer, contact.Value, contacts.Of(contact), end, "buyer", Fields: line.Fields.Length > 0 ? line.Fields : null);

    /// <summary>Opens the payment at the best channel, or another of the buyer's choice, for the shop's cashier: buyers leave by <see cref="GoPage"/>.</summary>
    /// <param name="way">What the buyer chose; null: whatever is best.</param>
    /// <returns>Null when the order has no payment.</returns>
    public Task<PayStart?> StartAsync(HttpContext http, Shop shop, Order order, string subject, CancellationToken cancel, string? way = null) =>
        payments.StartAsync(order.Id, new PayAsk(
            shop.MerchantId, way, DeviceOf(http), subject, Returning(http, shop, $"/pay/{order.Id}"), Address(http), buyers.Of(http), GoesLater: true), cancel);

    /// <summary>Opens the payment for a buyer who is sent to the channel at once.</summary>
    /// <param name="returnTo">The shop's page where the channel sends the buyer afterwards.</param>
    public Task<PayStart?> SendAsync(HttpContext http, Shop shop, Order order, string subject, string returnTo, CancellationToken cancel) =>
        payments.StartAsync(order.Id, new PayAsk(shop.MerchantId, null, DeviceOf(http), subject, Returning(http, shop, returnTo), Address(http), buyers.Of(http)), cancel);

    // Some channels send buyers back by a form, which pages refuse.
    private static string Returning(HttpContext http, Shop shop, string path) => $"{PathPrefix.Origin(http)}/back{shop.Url(path)}";

    private static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>What the buyer may choose from.</summary>
    public Task<IReadOnlyList<string>> WaysAsync(HttpContext http, Shop shop, BuyerOrder order, CancellationToken cancel) => payments.WaysAsync(
        order.IsOfBasket ? PaymentPurposes.Basket : PaymentPurposes.Order, shop.MerchantId, order.Amount, DeviceOf(http), order.Order.ExpiresAt!.Value, cancel);

    /// <summary>Takes a picture of the bank's receipt.</summary>
    public async Task<BankDecision> SendSlipAsync(Order order, Stream? slip, CancellationToken cancel) =>
        await payments.FindAsync(order.Id, cancel) is { } payment ? await bank.SendSlipAsync(payment.PaidBy, slip, "buyer", cancel) : new BankDecision.Missing();

    /// <summary>The bank transfer that the buyer is with.</summary>
    public async Task<BankTransfer?> TransferAsync(Order order, CancellationToken cancel) =>
        await payments.FindAsync(order.Id, cancel) is { } payment ? await bank.OfAsync(payment.PaidBy, cancel) : null;

    /// <summary>The attempt that the buyer is with.</summary>
    public async Task<Attempt?> LiveAsync(Order order, CancellationToken cancel) =>
        await payments.FindAsync(order.Id, cancel) is { } payment ? await payments.LiveAsync(payment.PaidBy, cancel) : null;

    public Task<string> WayOfAsync(Attempt attempt, CancellationToken cancel) => payments.WayOfAsync(attempt, cancel);

    /// <summary>The browser inside WeChat is one of its own, because few ways work there.</summary>
    public static PayDevices DeviceOf(HttpContext http) =>
        http.Request.Headers.UserAgent.ToString() is var agent && agent.Contains("MicroMessenger", StringComparison.OrdinalIgnoreCase) ? PayDevices.InApp : Devices.Of(agent);

    private async Task<TimeSpan> HoldTimeAsync(CancellationToken cancel)
    {
        var set = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = 'retail.hold_seconds'"), cancel);
        return TimeSpan.FromSeconds(long.TryParse(set, out var seconds) && seconds > 0 ? seconds : HoldSeconds);
    }
}
