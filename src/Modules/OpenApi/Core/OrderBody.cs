using Lianka.Kernel;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>The body of POST /orders, with the shape of every field checked and nothing else.</summary>
/// <param name="Quantity">Any whole number: its range is checked by the engine, after the idempotency key.</param>
/// <param name="Fields">Canonical JSON, or null when there are none.</param>
public sealed record OrderBody(
    string ClientOrderNo, string Sku, long Quantity, Money MaxTotal, string? Fields, string? CallbackUrl, bool Reveal)
{
    public const int NumberMax = 64;
    public const int SkuMax = 64;
    public const int UrlMax = 500;

    /// <returns>Null when the list of problems has entries.</returns>
    public static (OrderBody? Body, IReadOnlyList<FieldProblem> Problems) Read(ReadOnlyMemory<byte> bytes)
    {
        var json = new StrictObject(bytes);
        if (json.Problems.Count > 0) return (null, json.Problems);
        var number = json.Text("client_order_no", isRequired: true, 1, NumberMax);
        var sku = json.Text("sku", isRequired: true, 1, SkuMax);
        var quantity = json.Integer("quantity");
        var maxTotal = json.Amount("max_total");
        var fields = json.Map("fields");
        var callback = json.Url("callback_url", UrlMax);
        var reveal = json.Flag("reveal");
        return json.Problems.Count > 0
            ? (null, json.Problems)
            : (new OrderBody(number!, sku!, quantity, maxTotal, fields, callback, reveal), []);
    }
}

/// <summary>The body of POST /quotes.</summary>
public sealed record QuoteBody(string Sku, long Quantity)
{
    public static (QuoteBody? Body, IReadOnlyList<FieldProblem> Problems) Read(ReadOnlyMemory<byte> bytes)
    {
        var json = new StrictObject(bytes);
        if (json.Problems.Count > 0) return (null, json.Problems);
        var sku = json.Text("sku", isRequired: true, 1, OrderBody.SkuMax);
        var quantity = json.Integer("quantity");
        return json.Problems.Count > 0 ? (null, json.Problems) : (new QuoteBody(sku!, quantity), []);
    }
}
