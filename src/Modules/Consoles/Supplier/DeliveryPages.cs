using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Orders;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>What the supplier still has to deliver.</summary>
[Needs(SupplierPermissions.DeliveriesSee)]
internal sealed class DeliveriesPage(PurchaseDesk desk, Names names) : ConsolePage
{
    private const int PageSize = 50;

    public async Task OnGetAsync(string? after)
    {
        Title = T("待发货", "To deliver");
        var open = await desk.OpenAsync(Supplier, PublicId.TryDecode(after ?? "", out var id) ? id : 0, PageSize + 1);
        var isMore = open.Count > PageSize;
        if (isMore) open.RemoveAt(PageSize);
        var skus = await names.SkusAsync(open.Select(p => p.SkuId));
        var table = Parts.Table.Of(open, Title)
            .Column(T("规格", "SKU"), p => new Cell(Names.Sku(skus.GetValueOrDefault(p.SkuId), Language), $"/console/supplier/deliveries/{PublicId.Encode(p.Id)}"))
            .Number(T("数量", "Quantity"), p => p.Count);
        if (Person.Rights.Has(SupplierPermissions.MoneySee)) table.Money(T("货款", "Worth"), p => p.UnitCost * p.Count);
        Table = table
            .Badge(T("状态", "State"), p => PurchaseWords.State(p, Language))
            .Column(T("收到", "Came"), p => When(p.CreatedAt))
            .Build();
        Table.Next = isMore ? With(("after", PublicId.Encode(open[^1].Id))) : null;
        Table.First = after is null ? null : With(("after", null));
        Table.Empty = new EmptyState(T("没有待发的货", "Nothing to deliver"), T("有人买了需要你发的货，会列在这里。", "What people buy and you have to deliver stands here."), Icon: "orders");
    }
}

[Needs(SupplierPermissions.DeliveriesSee, SupplierPermissions.DeliveriesHandle)]
internal sealed class DeliveryPage(PurchaseDesk desk, Catalog.Catalog catalog, Names names) : PurchaseEditPage(desk, catalog, names)
{
    protected override SupplierId? Tenant => Supplier;
    protected override string Root => "/console/supplier/deliveries";
}
