using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>One purchase, and what a person says became of it. For the supplier who delivers by hand, and for the operator who settles a doubt.</summary>
internal abstract class PurchaseEditPage(PurchaseDesk desk, Catalog.Catalog catalog, Names names) : ConsolePage
{
    private const int CardsMax = 10_000;

    public Purchase Purchase { get; private set; } = null!;
    public string SkuName { get; private set; } = "";

    /// <summary>Null on the supplier's own page.</summary>
    public string? SupplierName { get; private set; }

    /// <summary>What it is worth is told to whoever may see the money.</summary>
    public bool ShowsMoney => Tenant is null || Person.Rights.Has(SupplierPermissions.MoneySee);

    /// <summary>What the buyer gave, with the words of the SKU's fields.</summary>
    public IReadOnlyList<(string Label, string Value)> Given { get; private set; } = [];

    /// <summary>Null for the operator.</summary>
    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    protected async Task<bool> LoadAsync(string id)
    {
        if (!PublicId.TryDecode(id, out var number) || await desk.FindAsync(number, Tenant) is not { } purchase) return false;
        Purchase = purchase;
        SkuName = Names.Sku((await names.SkusAsync([purchase.SkuId])).GetValueOrDefault(purchase.SkuId), Language);
        Title = $"{SkuName} × {purchase.Count}";
        Up = Tenant is null ? (Root, T("待人处理", "Cases")) : (Root, T("待发货", "To deliver"));
        if (Tenant is null) SupplierName = (await names.PartiesAsync(Language))(purchase.SupplierId.Value);
        var fields = AccountFields.Parse((await catalog.FindSkuAsync(purchase.SkuId))?.Fields ?? "").Fields;
        var given = await desk.FieldsAsync(purchase) is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)! : [];
        Given = [.. AccountFields.Check(fields, given).Values.Select(v => (Label(v.Key), v.Value))];
        Form = new Form(Language) { Back = Root, Submit = T("确认", "Confirm") }
            .Choice("outcome", "结果", "Result", [new("delivered", T("已发货", "Delivered")), new("failed", T("没有发出，不再发", "Not delivered, and will not be")),
                new("account", T("买家填的账号不对", "The buyer's account is wrong"))])
            .Whole("units", "发了几份", "Units delivered").Fill("units", $"{purchase.Count}")
            .Text("receipt", "给买家的凭证", "Receipt for the buyer", optional: true, max: 200).Hint("例如运营商流水号", "Such as the carrier's serial number")
            .Area("cards", "卡密", "Cards", max: 200_000).Hint("发的是卡密就每行一张，数量要和份数一致；直充留空", "One a line when cards are delivered, as many as units; empty for a top-up")
            .Text("reason", "没发出的原因", "Why not", optional: true, max: 200);
        return true;

        string Label(string key) => fields.First(f => f.Key == key) is var field ? Language.PickOr(field.NameZh, field.NameEn) : key;
    }

    public async Task<IActionResult> OnGetAsync(string id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string id)
    {
        if (!await LoadAsync(id)) return NotFound();
        if (!await Form!.ReadAsync(Request)) return Again();
        var cards = Form["cards"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (cards.Length > CardsMax)
        {
            Form.Fail("cards", $"最多 {CardsMax} 张", $"At most {CardsMax}");
            return Again();
        }

        var outcome = Form["outcome"];
        var answer = outcome == "delivered"
            ? await desk.DeliverAsync(Purchase.Id, Tenant, long.Parse(Form["units"], System.Globalization.CultureInfo.InvariantCulture), Form["receipt"],
                [.. cards.Select(c => new UpstreamCard(null, c))], Actor)
            : await desk.FailAsync(Purchase.Id, Tenant, Form["reason"], outcome == "account", Actor);
        switch (answer)
        {
            case PurchaseAnswer.Done or PurchaseAnswer.Again:
                await RecordAsync($"purchase.{outcome}", $"{Purchase.OrderId} {Purchase.Id}");
                return Done(Root, "已记录", "Recorded");
            case PurchaseAnswer.DuplicateCards:
                Form.Fail("cards", "其中有卡密已经在库里，或者填了两遍", "One of the cards is known already, or stands there twice");
                return Again();
            case PurchaseAnswer.WrongCount:
                Form.Fail("units", $"要在 1 到 {Purchase.Count} 之间，并和卡密行数一致", $"From 1 to {Purchase.Count}, and as many as cards");
                return Again();
            case PurchaseAnswer.Late:
                await RecordAsync("purchase.late", $"{Purchase.OrderId} {Purchase.Id}");
                return NotDone(Root, "这一单之前已放弃：货款已退回，或已另行采购。平台会来处理", "This one was given up before: its money went back, or it was bought elsewhere. The platform looks at it");
            default:
                return NotDone(Root, "这一单已经处理完了", "This one is over already");
        }
    }
}
