using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Goods;

/// <summary>POST /quotes.</summary>
internal sealed class QuotePrice(PriceBooks books, Inventory.Inventory inventory, TimeProvider clock)
{
    /// <summary>How long an answer may be thought true: prices may be changed at any time, and max_total guards against it.</summary>
    private static readonly TimeSpan _validFor = TimeSpan.FromSeconds(60);

    private sealed record Answer(Money Unit, Money Total, long Stock, DateTimeOffset ValidUntil);

    public async Task RunAsync(ApiCall call)
    {
        var (body, problems) = QuoteBody.Read(call.Body);
        if (body is null)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", problems);
            return;
        }

        var book = await books.RefreshAsync(call.Http.RequestAborted);
        var sku = book.SkuByCode(body.Sku);
        var most = sku?.QuantityMax ?? Refusals.QuantityMax;
        if (body.Quantity < 1 || body.Quantity > most)
        {
            await Refusals.WriteAsync(call, new OrderDecision.Refused(Refusal.QuantityOutOfRange), most);
            return;
        }

        var now = clock.Now();
        if (sku is null || book.Terms(call.Merchant, sku.Id, body.Quantity, now) is not { } terms)
        {
            await Refusals.WriteAsync(call, new OrderDecision.Refused(Refusal.NotOffered), most);
            return;
        }

        var stock = await inventory.StockOfAsync([sku.Id], call.Http.RequestAborted);
        var until = now + _validFor;
        await JsonAnswer.OkAsync(
            call.Http, new Answer(terms.Unit, terms.Unit * body.Quantity, stock.GetValueOrDefault(sku.Id), until),
            static (json, quote) =>
            {
                json.WriteStartObject();
                json.WriteString("unit_price"u8, quote.Unit.ToString());
                json.WriteString("total"u8, quote.Total.ToString());
                json.WriteString("currency"u8, quote.Total.Currency.Code);
                json.WriteNumber("stock"u8, quote.Stock);
                json.WriteMoment("valid_until"u8, quote.ValidUntil);
                json.WriteEndObject();
            });
    }
}
