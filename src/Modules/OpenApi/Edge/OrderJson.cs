using System.Text.Json;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>An order with what its JSON form needs besides.</summary>
/// <param name="Cards">Opened for this answer alone; null when nobody asked.</param>
internal sealed record OrderView(Order Order, string Sku, IReadOnlyList<OrderCard>? Cards = null, bool IsChinese = false)
{
    /// <summary>The suppliers' words for the buyer, by the number of the fulfilment.</summary>
    public IReadOnlyDictionary<int, string> Receipts { get; init; } = new Dictionary<int, string>();
}

/// <summary>Orders and cards as the API shows them. Suppliers, costs and the split are nobody else's business.</summary>
internal static class OrderJson
{
    public static void Write(Utf8JsonWriter json, OrderView view)
    {
        var order = view.Order;
        json.WriteStartObject();
        json.WriteString("order_no"u8, order.Id.ToString());
        json.WriteString("client_order_no"u8, order.ClientKey);
        json.WriteString("status"u8, OrderWords.Of(order.Status));
        json.WriteString("settlement"u8, OrderWords.Of(order.Settlement));
        json.WriteString("dispute"u8, OrderWords.Of(order.Dispute));
        json.WriteBoolean("final"u8, order.IsFinal);
        if (order.HoldReason is not null) json.WriteString("hold_reason"u8, order.HoldReason);
        json.WriteString("sku"u8, view.Sku);
        json.WriteNumber("quantity"u8, order.Quantity);
        json.WriteNumber("delivered_quantity"u8, order.Delivered);
        json.WriteString("unit_price"u8, order.UnitPrice.ToString());
        json.WriteString("total"u8, order.Total.ToString());
        json.WriteString("refunded"u8, order.Refunded.ToString());
        json.WriteString("currency"u8, order.Total.Currency.Code);
        json.WriteMoment("created_at"u8, order.CreatedAt);
        if (order.DeliveredAt is { } delivered) json.WriteMoment("delivered_at"u8, delivered);
        json.WriteStartArray("fulfilments"u8);
        foreach (var part in order.Fulfilments)
        {
            json.WriteStartObject();
            json.WriteNumber("no"u8, part.No);
            json.WriteNumber("quantity"u8, part.Count);
            json.WriteString("status"u8, OrderWords.Of(part));
            if (view.Receipts.TryGetValue(part.No, out var receipt)) json.WriteString("receipt"u8, receipt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("fields"u8);
        json.WriteRawValue(order.Fields ?? "{}", skipInputValidation: true);
        if (order.Failure is not null) WriteFailure(json, order.Failure, view.IsChinese);
        if (view.Cards is not null) WriteCards(json, view.Cards);
        json.WriteEndObject();
    }

    /// <summary>The property <c>cards</c>.</summary>
    public static void WriteCards(Utf8JsonWriter json, IReadOnlyList<OrderCard> cards)
    {
        json.WriteStartArray("cards"u8);
        foreach (var card in cards)
        {
            json.WriteStartObject();
            if (card.Number is not null) json.WriteString("number"u8, card.Number);
            json.WriteString("secret"u8, card.Secret);
            json.WriteString("kind"u8, card.Kind);
            if (card.ExpiresAt is { } expires) json.WriteMoment("expires_at"u8, expires);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFailure(Utf8JsonWriter json, string failure, bool isChinese)
    {
        var (code, english, chinese) = OrderWords.OfFailure(failure);
        json.WriteStartObject("failure"u8);
        json.WriteString("code"u8, code);
        json.WriteString("message"u8, isChinese ? chinese : english);
        json.WriteEndObject();
    }
}
