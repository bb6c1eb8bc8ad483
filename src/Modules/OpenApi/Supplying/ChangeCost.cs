using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Suppliers;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>PUT /supplier/supplies/{supply_id}/cost, by the rules of the console's page. Naturally repeatable: the same cost again changes nothing.</summary>
internal sealed class ChangeCost(CostChanges changes)
{
    public async Task RunAsync(ApiCall call)
    {
        var json = new StrictObject(call.Body);
        var cost = json.Problems.Count > 0 ? Money.Zero : json.Amount("cost");
        if (json.Problems.Count > 0) await ProblemBook.WriteAsync(call.Http, "invalid_request", json.Problems);
        else if (SupplyId.TryParse(call.RouteText("supply_id"), out var supply)
            && await changes.AskAsync(call.Supplier, supply, cost.ToString(), call.Actor, call.Http.RequestAborted) is CatalogDecision<CostChange>.Saved saved)
            await JsonAnswer.OkAsync(call.Http, saved.Value, Write);
        else await ProblemBook.WriteAsync(call.Http, "not_found");
    }

    private static void Write(Utf8JsonWriter json, CostChange change)
    {
        json.WriteStartObject();
        json.WriteString("supply"u8, change.SupplyId.ToString());
        json.WriteString("state"u8, change.State == CostChangeState.Passed ? "in_force"u8 : "waiting"u8);
        json.WriteString("before"u8, change.Before?.ToString());
        json.WriteString("cost"u8, change.Cost.ToString());
        json.WriteString("currency"u8, change.Cost.Currency.Code);
        json.WriteEndObject();
    }
}
