using Lianka.Modules.Agents;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Goods;

/// <summary>POST /quotes.</summary>
internal sealed class QuotePrice(Quotes quotes, PriceBooks books, Inventory.Inventory inventory)
{
    private sealed record Answer(Quote Quote, long Stock);

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

        var quote = sku is null ? null : await quotes.QuoteAsync(call.Merchant, sku.Id, body.Quantity, call.Http.RequestAborted);
        if (quote is null)
        {
            await Refusals.WriteAsync(call, new OrderDecision.Refused(Refusal.NotOffered), most);
            return;
        }

        var stock = await inventory.StockOfAsync([quote.Sku], call.Http.RequestAborted);
        await JsonAnswer.OkAsync(call.Http, new Answer(quote, stock.GetValueOrDefault(quote.Sku)), static (json, answer) =>
        {
            json.WriteStartObject();
            json.WriteString("unit_price"u8, answer.Quote.UnitPrice.ToString());
            json.WriteString("total"u8, answer.Quote.Total.ToString());
            json.WriteString("currency"u8, answer.Quote.Total.Currency.Code);
            json.WriteNumber("stock"u8, answer.Stock);
            json.WriteMoment("valid_until"u8, answer.Quote.ValidUntil);
            json.WriteEndObject();
        });
    }
}
