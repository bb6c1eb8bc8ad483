using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>What is agreed with a supplier, as both sides read it: the version that waits, and all there were.</summary>
internal abstract class ContractPage(Contracts contracts, Catalog.Catalog catalog) : ConsolePage
{
    /// <summary>The version that waits for the supplier's answer.</summary>
    public Contract? Waiting { get; private set; }

    public string WaitingTitle => Person.Role == Roles.Supplier
        ? T("等你确认的版本", "The version that waits for your answer") : T("等供应商确认的版本", "The version that waits for the supplier");

    /// <summary>What the version that waits says, line by line.</summary>
    public List<(string Name, string Text)> Says { get; } = [];

    protected async Task LoadAsync(SupplierId supplier)
    {
        var versions = await contracts.ListAsync(supplier);
        var inForce = contracts.InForce(versions);
        var names = new Dictionary<ProductId, string>();
        foreach (var id in versions.SelectMany(c => c.ProductIds).Distinct())
            if (await catalog.FindProductAsync(id) is { } product) names[id] = Language.PickOr(product.NameZh, product.NameEn);
        Table = Parts.Table.Of(versions, T("各版合同", "Versions"))
            .Column(T("生效", "From"), c => new Cell(Show.Exact(c.From), Sub: c.Note.Length > 0 ? c.Note : null))
            .Column(T("佣金", "Commission"), c => Show.Percent(c.CommissionBps))
            .Column(T("结算等待", "Hold time"), c => Show.Span(c.HoldSeconds, Language))
            .Column(T("地区", "Regions"), c => RegionsOf(c))
            .Column(T("独家商品", "Supplied alone"), c => ProductsOf(c, names))
            .Badge(T("状态", "State"), c => c == inForce ? (T("生效中", "In force"), "ok") : State(c))
            .Column(T("谁", "By"), c => new Cell(OrderWords.Actor(c.MadeBy, Language), Sub: c.AnsweredBy.Length > 0 ? $"{OrderWords.Actor(c.AnsweredBy, Language)} · {Show.Exact(c.AnsweredAt!.Value)}" : null))
            .Build();
        Table.Empty = new EmptyState(T("还没有合同", "No contract yet"), T("没有合同时不收佣金，地区和商品都不限。", "Without one there is no commission, and no limit of regions or goods."), Icon: "info");
        Waiting = versions.Find(c => c.State == ContractState.Waiting);
        if (Waiting is null) return;
        Says.Add((T("生效", "From"), Show.Exact(Waiting.From) + T("；确认得晚就从确认时起", "; from the answer when that is later")));
        Says.Add((T("佣金", "Commission"), T($"进价的 {Show.Percent(Waiting.CommissionBps)}，从每件货款里扣；走对接系统的直充不扣", $"{Show.Percent(Waiting.CommissionBps)} of the cost of each unit; none of what is bought at the supplier's own system")));
        Says.Add((T("结算等待", "Hold time"), T($"新货源发货后 {Show.Span(Waiting.HoldSeconds, Language)}", $"{Show.Span(Waiting.HoldSeconds, Language)} after delivery, for new supplies")));
        Says.Add((T("地区", "Regions"), RegionsOf(Waiting)));
        Says.Add((T("独家商品", "Supplied alone"), ProductsOf(Waiting, names)));
        if (Waiting.Note.Length > 0) Says.Add((T("备注", "Note"), Waiting.Note));
    }

    private string RegionsOf(Contract c) => c.Regions.Length == 0 ? T("不限", "Anywhere") : c.Regions.Replace(",", T("、", ", "), StringComparison.Ordinal);

    private string ProductsOf(Contract c, Dictionary<ProductId, string> names) =>
        c.Products.Length == 0 ? "—" : string.Join(T("、", ", "), c.ProductIds.Select(p => names.GetValueOrDefault(p, p.ToString())));

    private (string Text, string Tone) State(Contract contract) => contract.State switch
    {
        ContractState.Waiting => (T("等供应商确认", "Waits for the supplier"), "waiting"),
        ContractState.Declined => (T("供应商没同意", "Declined"), "error"),
        ContractState.Withdrawn => (T("已撤回", "Withdrawn"), ""),
        _ => contract.From > Now ? (T("到日子生效", "Agreed, not begun"), "ok") : (T("以前的", "Earlier"), ""),
    };
}
