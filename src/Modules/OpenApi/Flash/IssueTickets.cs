using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.FlashSales;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.OpenApi.Flash;

/// <summary>POST /flash-sales/{sale}/tickets: tickets for the buyers of the merchant's own sale.</summary>
internal sealed class IssueTickets(FlashDesk desk, SaleBook book)
{
    public const int BuyersMax = 500;

    public async Task RunAsync(ApiCall call)
    {
        var json = new StrictObject(call.Body);
        var buyers = json.Problems.Count > 0 ? [] : json.Texts("buyers", BuyersMax, 1, 64);
        if (json.Problems.Count > 0)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", json.Problems);
            return;
        }

        // From the database, because a sale may be newer than what this node knows.
        if (FlashAttempts.SaleOf(call.Http) is not { } id || await book.FindAsync(id, call.Merchant) is not { } sale) await ProblemBook.WriteAsync(call.Http, "not_found");
        else await JsonAnswer.OkAsync(call.Http, (sale, buyers), Write);
    }

    private void Write(Utf8JsonWriter json, (FlashSale Sale, IReadOnlyList<string> Buyers) answer)
    {
        json.WriteStartObject();
        json.WriteString("sale"u8, answer.Sale.Id.ToString());
        json.WriteStartArray("tickets"u8);
        foreach (var buyer in answer.Buyers)
        {
            json.WriteStartObject();
            json.WriteString("buyer"u8, buyer);
            json.WriteString("ticket"u8, desk.Issue(answer.Sale, buyer));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
