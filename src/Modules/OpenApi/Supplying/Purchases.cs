using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>/supplier/purchases: what is to be delivered, and what the supplier says became of it. The desk decides; the console's pages use the same.</summary>
internal sealed class Purchases(PurchaseDesk desk, SkuCodes skus)
{
    private sealed record View(Purchase Purchase, string Sku, string? Fields = null);

    /// <summary>GET /supplier/purchases: those that are open, oldest first. What the buyers gave stands in the single ones.</summary>
    public async Task ListAsync(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var limit = query.Limit();
        var after = query.Cursor<long>(text => PublicId.TryDecode(text, out var id) ? id : null);
        if (query.Problems.Count > 0)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", query.Problems);
            return;
        }

        var open = await desk.OpenAsync(call.Supplier, after ?? 0, limit + 1);
        var next = open.Count > limit ? PublicId.Encode(open[limit - 1].Id) : null;
        var views = new List<View>(open.Count);
        foreach (var purchase in open.Take(limit)) views.Add(new View(purchase, await skus.CodeAsync(purchase.SkuId)));
        await JsonAnswer.OkAsync(call.Http, (views, next, limit), static (json, page) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var view in page.views) Write(json, view);
            json.WriteEndArray();
            json.WritePage(page.next, page.limit);
            json.WriteEndObject();
        });
    }

    /// <summary>GET /supplier/purchases/{purchase_no}.</summary>
    public async Task OneAsync(ApiCall call)
    {
        if (await FindAsync(call) is { } purchase) await AnswerAsync(call, purchase);
        else await ProblemBook.WriteAsync(call.Http, "not_found");
    }

    /// <summary>POST /supplier/purchases/{purchase_no}/deliver. Told twice it is done once; told otherwise it is refused (F43).</summary>
    public async Task DeliverAsync(ApiCall call)
    {
        if (await FindAsync(call) is not { } purchase)
        {
            await ProblemBook.WriteAsync(call.Http, "not_found");
            return;
        }

        var (body, problems) = DeliveryBody.Read(call.Body, purchase.Count);
        if (body is null) await ProblemBook.WriteAsync(call.Http, "invalid_request", problems);
        else await AnswerAsync(call, purchase, await desk.DeliverAsync(purchase.Id, call.Supplier, body.Units, body.Receipt, body.Cards, call.Actor, call.Http.RequestAborted));
    }

    /// <summary>POST /supplier/purchases/{purchase_no}/fail.</summary>
    public async Task FailAsync(ApiCall call)
    {
        if (await FindAsync(call) is not { } purchase)
        {
            await ProblemBook.WriteAsync(call.Http, "not_found");
            return;
        }

        var json = new StrictObject(call.Body);
        var reason = json.Problems.Count > 0 ? null : json.Text("reason", isRequired: true, 1, DeliveryBody.WordsMax);
        var isBuyersFault = json.Problems.Count == 0 && json.Flag("account_wrong");
        if (json.Problems.Count > 0) await ProblemBook.WriteAsync(call.Http, "invalid_request", json.Problems);
        else await AnswerAsync(call, purchase, await desk.FailAsync(purchase.Id, call.Supplier, reason!, isBuyersFault, call.Actor, call.Http.RequestAborted));
    }

    private async Task<Purchase?> FindAsync(ApiCall call) =>
        PublicId.TryDecode(call.RouteText("purchase_no") ?? "", out var id) ? await desk.FindAsync(id, call.Supplier) : null;

    private async Task AnswerAsync(ApiCall call, Purchase purchase, PurchaseAnswer answer)
    {
        switch (answer)
        {
            case PurchaseAnswer.Again:
                call.Http.Response.Headers["Idempotent-Replayed"] = "true";
                goto case PurchaseAnswer.Done;
            case PurchaseAnswer.Done:
                await AnswerAsync(call, (await desk.FindAsync(purchase.Id, call.Supplier))!);
                break;
            case PurchaseAnswer.Late:
                await ProblemBook.WriteAsync(call.Http, "delivery_too_late");
                break;
            case PurchaseAnswer.DuplicateCards:
                await ProblemBook.WriteAsync(call.Http, "duplicate_cards", new FieldProblem("/cards", FieldProblemTexts.KnownCards));
                break;
            case PurchaseAnswer.WrongCount:
                await ProblemBook.WriteAsync(call.Http, "invalid_request", new FieldProblem("/units", FieldProblemTexts.Range, $"1–{purchase.Count}"));
                break;
            case PurchaseAnswer.Over:
                await ProblemBook.WriteAsync(call.Http, "delivery_conflict");
                break;
            default:
                await ProblemBook.WriteAsync(call.Http, "not_found");
                break;
        }
    }

    private async Task AnswerAsync(ApiCall call, Purchase purchase) =>
        await JsonAnswer.OkAsync(call.Http, new View(purchase, await skus.CodeAsync(purchase.SkuId), await desk.FieldsAsync(purchase) ?? "{}"), Write);

    private static void Write(Utf8JsonWriter json, View view)
    {
        var purchase = view.Purchase;
        json.WriteStartObject();
        json.WriteString("purchase_no"u8, PublicId.Encode(purchase.Id));
        json.WriteString("order_no"u8, purchase.OrderId.ToString());
        json.WriteString("sku"u8, view.Sku);
        json.WriteNumber("quantity"u8, purchase.Count);
        json.WriteString("unit_cost"u8, purchase.UnitCost.ToString());
        json.WriteString("total"u8, (purchase.UnitCost * purchase.Count).ToString());
        json.WriteString("currency"u8, purchase.UnitCost.Currency.Code);
        json.WriteString("status"u8, SupplierWords.Of(purchase.State));
        json.WriteBoolean("by_hand"u8, purchase.ConnectionId is null);
        if (view.Fields is not null)
        {
            json.WritePropertyName("fields"u8);
            json.WriteRawValue(view.Fields, skipInputValidation: true);
        }

        if (purchase.Receipt is not null) json.WriteString("receipt"u8, purchase.Receipt);
        if (purchase.State == PurchaseState.Failed) json.WriteString("failure"u8, purchase.Detail ?? purchase.Fault);
        json.WriteMoment("created_at"u8, purchase.CreatedAt);
        if (purchase.EndedAt is { } ended) json.WriteMoment("ended_at"u8, ended);
        json.WriteEndObject();
    }
}
