using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What about purchases only a person can settle, with the money as we and as the supplier see it.</summary>
[Needs(Permissions.OrdersSee)]
internal sealed class CasesPage(PurchaseDesk desk) : ConsolePage
{
    private const int PageSize = 50;

    public bool IsClosed { get; private set; }

    public async Task OnGetAsync(string? state, long? before)
    {
        IsClosed = state == "closed";
        Title = T("待人处理", "Cases");
        var cases = await desk.CasesAsync(!IsClosed, before, PageSize + 1);
        var isMore = cases.Count > PageSize;
        if (isMore) cases.RemoveAt(PageSize);
        Table = Parts.Table.Of(cases, Title)
            .Column(T("事情", "What"), c => new Cell(PurchaseWords.Case(c.Kind, Language), $"/console/purchases/{PublicId.Encode(c.PurchaseId)}"))
            .Column(T("订单", "Order"), c => new Cell(c.OrderId.ToString(), $"/console/orders/{c.OrderId}"))
            .Money(T("我方金额", "Our side"), c => c.Ours)
            .Money(T("供应商金额", "Supplier's side"), c => c.Theirs)
            .Column(T("开始", "Since"), c => When(c.OpenedAt))
            .Column(T("处理", "Settled"), c => c.ClosedAt is null ? new Cell("—") : new Cell(c.Note, Sub: OrderWords.Actor(c.ClosedBy ?? "", Language)))
            .Build();
        Table.Next = isMore ? With(("before", $"{cases[^1].Id}")) : null;
        Table.First = before is null ? null : With(("before", null));
        Table.Empty = new EmptyState(T("没有要处理的", "Nothing to settle"), T("超时不明、重复卡密、多扣款、退款后又到账，会列在这里。", "Unknown results, known cards, charges above the cost and late deliveries stand here."), Icon: "ok");
        Actions.Add(IsClosed ? ("/console/cases", T("未处理", "Open ones")) : ("/console/cases?state=closed", T("已处理", "Settled ones")));
    }
}

[Needs(Permissions.OrdersSee, Permissions.OrdersEdit)]
internal sealed class PurchasePage(PurchaseDesk desk, Catalog.Catalog catalog, Names names) : PurchaseEditPage(desk, catalog, names)
{
    private readonly PurchaseDesk _desk = desk;

    protected override SupplierId? Tenant => null;
    protected override string Root => "/console/cases";

    /// <summary>Settles a case with a note; what is to happen to the purchase itself is said by the form.</summary>
    public async Task<IActionResult> OnPostCloseAsync(string id, long number, string? note)
    {
        if (!await LoadAsync(id)) return NotFound();
        var words = (note ?? "").Trim();
        var here = $"/console/purchases/{id}";
        if (words.Length is 0 or > 200) return NotDone(here, "请写一句处理结果，最多 200 字", "Say in a few words how it was settled, at most 200 characters");
        if (!await _desk.CloseCaseAsync(number, Actor, words)) return NotDone(here, "已经处理过了", "It is settled already");
        await RecordAsync("case.close", $"{Purchase.OrderId} {number}: {words}");
        return Done(Root, "已处理", "Settled");
    }

    public Task<List<PurchaseCase>> CasesAsync() => _desk.CasesOfAsync(Purchase.OrderId);
}
