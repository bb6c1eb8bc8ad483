using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Lots of cards: what came, what is left, and taking a lot off sale.</summary>
internal abstract class LotListPage(Inventory.Inventory inventory, Names names) : ConsolePage
{
    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    /// <summary>What can be done to chosen lots.</summary>
    public IReadOnlyList<RowAction> Choices => Array.FindAll(TenantDeeds.OfLots(Root, Language), a => MayOpen(a.Href));

    public IReadOnlyList<Lot> Lots { get; private set; } = [];
    public Dictionary<SkuId, Catalog.SkuName> Skus { get; private set; } = [];
    public string? Next { get; private set; }
    public string? First { get; private set; }

    /// <summary>The same rows for a file.</summary>
    public Table Sheet
    {
        get
        {
            var table = Parts.Table.Of(Lots, Title)
                .Column(T("规格", "SKU"), l => NameOf(l))
                .Column(T("编码", "Code"), l => Skus.GetValueOrDefault(l.SkuId)?.Code ?? "")
                .Column(T("批次", "Lot"), l => l.Id.ToString())
                .Column(T("备注", "Note"), l => l.Note)
                .Column(T("导入", "Imported"), l => When(l.CreatedAt))
                .Column(T("有效期到", "Expires"), l => l.ExpiresAt is { } at ? Show.Exact(at) : T("长期", "never"))
                .Number(T("总数", "Total"), l => l.Total)
                .Number(T("已出", "Drawn"), l => l.Total - l.Left)
                .Number(T("剩余", "Left"), l => l.Left)
                .Badge(T("状态", "State"), StateOf)
                .Build();
            (table.Next, table.First) = (Next, First);
            return table;
        }
    }

    public Table Nothing => new(Title)
    {
        Empty = new EmptyState(T("还没有卡密", "No cards yet"), T("导入一批卡密就有库存了。", "Import cards to have stock."),
        $"{Root}/imports/new", T("导入卡密", "Import cards"), "upload"),
    };

    public async Task OnGetAsync(string? before, string? lot)
    {
        Title = T("卡密库存", "Card stock");
        Actions.Add(($"{Root}/imports/new", T("导入卡密", "Import cards")));
        var page = await inventory.ListLotsAsync(new LotFilter(Tenant, Before: LotId.TryParse(before, out var cursor) ? cursor : null,
            Lots: LotId.TryParse(lot, out var one) ? [one] : null));
        if (one != default) Up = ($"{Root}/lots", T("全部批次", "All lots"));
        Lots = page.Items;
        Skus = await names.SkusAsync(Lots.Select(l => l.SkuId));
        Next = page.Next is { } next ? With(("before", next.ToString())) : null;
        First = string.IsNullOrEmpty(before) ? null : With(("before", null));
    }

    public string NameOf(Lot lot) => Names.Sku(Skus.GetValueOrDefault(lot.SkuId), Language);

    public (string Text, string Tone) StateOf(Lot lot) =>
        lot.State == LotState.Off ? (T("停售", "Off sale"), "")
        : lot.ExpiresAt <= Now ? (T("已过期", "Expired"), "error")
        : lot.Left == 0 ? (T("售完", "Sold out"), "") : (T("在售", "On sale"), "ok");

    public async Task<IActionResult> OnPostAsync(string? lot, bool on)
    {
        if (!LotId.TryParse(lot, out var id) || !await inventory.SetLotStateAsync(id, on ? LotState.Active : LotState.Off, Tenant)) return NotFound();
        await RecordAsync(on ? "lot.on" : "lot.off", id.ToString());
        return Done(With(), on ? "批次已恢复销售" : "批次已停售，卡密还在", on ? "The lot is on sale again" : "The lot is off sale; its cards are kept");
    }
}
