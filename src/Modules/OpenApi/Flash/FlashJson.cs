using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.FlashSales;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Flash;

/// <summary>Flash sales and attempts as the API shows them.</summary>
internal static class FlashJson
{
    public static void Write(Utf8JsonWriter json, (SaleView View, string Sku, DateTimeOffset Now) answer)
    {
        var (view, sku, now) = answer;
        var sale = view.Sale;
        json.WriteStartObject();
        json.WriteString("sale"u8, sale.Id.ToString());
        json.WriteString("sku"u8, sku);
        json.WriteString("state"u8, now < sale.FromAt ? "upcoming" : sale.IsSoldOut ? "sold_out" : now >= sale.ToAt ? "ended" : "running");
        json.WriteString("price"u8, sale.Price.ToString());
        json.WriteString("currency"u8, sale.Price.Currency.Code);
        json.WriteNumber("units"u8, sale.Units);
        json.WriteNumber("units_left"u8, sale.Left);
        json.WriteNumber("units_unpaid"u8, sale.Unpaid);
        json.WriteNumber("quota"u8, sale.Quota);
        json.WriteNumber("pay_seconds"u8, sale.PaySeconds);
        json.WriteNumber("waiting"u8, view.Waiting);
        json.WriteMoment("starts_at"u8, sale.FromAt);
        json.WriteMoment("ends_at"u8, sale.ToAt);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, (Order Order, SaleView View) answer)
    {
        var (order, view) = answer;
        var isUnpaid = order.Status == OrderStatus.Placed;
        json.WriteStartObject();
        json.WriteString("status"u8, isUnpaid ? "reserved"u8 : "sold"u8);
        json.WriteString("sale"u8, view.Sale.Id.ToString());
        json.WriteString("order_no"u8, order.Id.ToString());
        json.WriteNumber("quantity"u8, order.Quantity);
        json.WriteString("total"u8, order.Total.ToString());
        json.WriteString("currency"u8, order.Total.Currency.Code);
        if (isUnpaid)
        {
            json.WriteString("pay_url"u8, $"/s/{view.Slug}/flash/{view.Sale.Id}/pay/{order.Id}");
            json.WriteMoment("pay_before"u8, order.ExpiresAt!.Value);
        }

        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, (SaleId Sale, FlashAnswer.Waiting Waiting) answer)
    {
        var (sale, waiting) = answer;
        json.WriteStartObject();
        json.WriteString("status"u8, "waiting"u8);
        json.WriteString("sale"u8, sale.ToString());
        json.WriteNumber("place"u8, waiting.Place);
        json.WriteNumber("ahead"u8, waiting.Ahead);
        json.WriteNumber("units_left"u8, waiting.Left);
        json.WriteNumber("units_unpaid"u8, waiting.Unpaid);
        json.WriteString("chance"u8, waiting.Chance switch
        {
            Chance.Likely => "likely"u8,
            Chance.Possible => "possible"u8,
            _ => "unlikely"u8,
        });
        WriteMaybe(json, "next_return_at"u8, waiting.NextReturn);
        WriteMaybe(json, "expected_at"u8, waiting.ExpectedAt);
        json.WriteNumber("poll_after"u8, (long)waiting.AskAgain.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteMaybe(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? at)
    {
        if (at is { } moment) json.WriteMoment(name, moment);
        else json.WriteNull(name);
    }
}
