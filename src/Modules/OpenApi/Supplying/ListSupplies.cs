using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.OpenApi.Edge;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>GET /supplier/supplies: what the supplier offers, how much is left, and why what is not sold is not.</summary>
internal sealed class ListSupplies(OwnSupplies own)
{
    public async Task RunAsync(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var limit = query.Limit();
        var after = query.Cursor<SupplyId>(text => SupplyId.TryParse(text, out var id) ? id : null);
        var sku = query.Text("sku", 64);
        if (query.Problems.Count > 0)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", query.Problems);
            return;
        }

        var page = (await own.ListAsync(call.Supplier, cancel: call.Http.RequestAborted))
            .Where(s => (after is null || s.Line.Id.Value > after.Value.Value) && (sku is null || s.Line.SkuCode == sku))
            .OrderBy(s => s.Line.Id.Value).Take(limit + 1).ToList();
        var next = page.Count > limit ? page[limit - 1].Line.Id.ToString() : null;
        await JsonAnswer.OkAsync(call.Http, (Supplies: page.Take(limit), next, limit, call.IsChinese), static (json, answer) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var supply in answer.Supplies) Write(json, supply, answer.IsChinese);
            json.WriteEndArray();
            json.WritePage(answer.next, answer.limit);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, OwnSupply supply, bool isChinese)
    {
        var line = supply.Line;
        json.WriteStartObject();
        json.WriteString("id"u8, line.Id.ToString());
        json.WriteString("sku"u8, line.SkuCode);
        json.WriteNames("name"u8, line.SkuNameZh, line.SkuNameEn);
        json.WriteNames("product"u8, line.ProductNameZh, line.ProductNameEn);
        json.WriteString("kind"u8, SupplierWords.Of(supply.Kind));
        json.WriteString("cost"u8, line.Cost?.ToString());
        json.WriteString("pays"u8, supply.Owed?.ToString());
        json.WriteString("currency"u8, Currency.Cny.Code);
        json.WriteNumber("hold_seconds"u8, line.HoldSeconds + GradeEffect.Of(line.Grade).HoldSecondsMore);
        json.WriteMaybe("stock"u8, supply.Left);
        json.WriteNumber("sold_7_days"u8, supply.Outlook?.SoldRecently ?? 0);
        json.WriteMaybe("lasts_seconds"u8, supply.Outlook?.SecondsLeft);
        json.WriteBoolean("on_sale"u8, supply.Why.Count == 0);
        json.WriteReasons("why"u8, supply.Why, isChinese);
        json.WriteEndObject();
    }
}

/// <summary>What the answers to suppliers share.</summary>
internal static class SupplierJson
{
    public static void WriteMaybe(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    public static void WriteReasons(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> reasons, bool isChinese)
    {
        json.WriteStartArray(name);
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, reason);
            json.WriteString("detail"u8, SupplierWords.Why(reason, isChinese));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteDay(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateOnly day) =>
        json.WriteString(name, day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
}
