using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>What one merchant may buy, at which price, and what it asks for it in its shops.</summary>
internal abstract class ShelfEditPage(PriceBooks books, Shelves shelves, Inventory.Inventory inventory, StorefrontFees fees, Names names) : ConsolePage
{
    // More rows than this make one form slow on a phone: narrow the list instead.
    private const int RowsMax = 150;

    private long _feeBps;

    public sealed record Row(SkuName Name, SkuEntry Sku, Money Unit, long Stock, Money? Retail, Money? Lowest);

    protected abstract Task<MerchantId?> OwnerAsync();

    public string Search { get; private set; } = "";
    public List<Row> Rows { get; private set; } = [];
    public bool IsCut { get; private set; }
    public Form Margin { get; private set; } = null!;

    public Table Nothing => new(Title)
    {
        Empty = new EmptyState(T("没有可买的商品", "Nothing on offer"),
            T("平台定好这个等级的价格、有货源以后，商品会出现在这里。", "Goods appear here once the platform has set this level's prices and has a supply."), Icon: "products"),
    };

    public Field FieldOf(Row row) => Form!.Fields.First(f => f.Name == NameOf(row));
    private static string NameOf(Row row) => "r_" + row.Sku.Id;
    private Money Fee(Money retail) => ChannelFees.At(retail, _feeBps);

    private async Task<MerchantId?> LoadAsync()
    {
        if (await OwnerAsync() is not { } owner) return null;
        Search = Request.Query["q"].ToString().Trim();
        _feeBps = await fees.BpsAsync();
        var book = await books.RefreshAsync();
        var shelf = book.Shelf(owner);
        var found = new List<Row>();
        foreach (var name in await names.AllSkusAsync())
        {
            if (Search.Length > 0 && !$"{name.Code} {name.ProductNameZh} {name.ProductNameEn} {name.SkuNameZh} {name.SkuNameEn}".Contains(Search, StringComparison.OrdinalIgnoreCase)) continue;
            if (book.Sku(name.Id) is not { } sku || book.Terms(owner, name.Id, 1, Now) is not { } terms) continue;
            found.Add(new Row(name, sku, terms.Unit, 0, shelf.TryGetValue(name.Id, out var retail) ? retail : null,
                RetailRules.WithMargin(terms.Unit, 0, Fee, sku.Floor, sku.Ceiling)));
        }

        IsCut = found.Count > RowsMax;
        Rows = found[..Math.Min(found.Count, RowsMax)];
        var stock = await inventory.StockOfAsync([.. Rows.Select(r => r.Sku.Id)]);
        Rows = Rows.ConvertAll(r => r with { Stock = stock.GetValueOrDefault(r.Sku.Id) });
        Form = new Form(Language);
        foreach (var row in Rows)
            Form.Money(NameOf(row), Names.Sku(row.Name, Platform.Http.Language.Zh), Names.Sku(row.Name, Platform.Http.Language.En), optional: true).Fill(NameOf(row), row.Retail?.Text(2));
        Margin = new Form(Language).Whole("margin", "在拿货价上加（基点，100 = 1%）", "Over the own price (basis points, 100 = 1%)").Fill("margin", "300");
        return owner;
    }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() is null ? NotFound() : Page();

    /// <summary>Saves the rows that changed; a row that cannot be saved keeps its problem, the others are done.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is not { } owner) return NotFound();
        await Form!.ReadAsync(Request);
        var changed = 0;
        foreach (var row in Rows)
        {
            var field = FieldOf(row);
            if (field.Problem is not null || field.Value == (row.Retail?.Text(2) ?? "")) continue;
            var decision = field.Value.Length == 0 ? await shelves.TakeOffAsync(owner, row.Sku.Id) : await shelves.SetAsync(owner, row.Sku.Id, field.Value, Fee);
            if (ProblemOf(decision) is var (zh, en)) field.Problem = T(zh, en);
            else changed++;
        }

        if (changed > 0) await RecordAsync("retail.save", $"{owner} {changed}");
        return Form.IsFine ? Done(With(), $"{changed} 个零售价已保存", $"{changed} retail prices saved") : Again();
    }

    public async Task<IActionResult> OnPostFillAsync()
    {
        if (await LoadAsync() is not { } owner) return NotFound();
        if (!await Margin.ReadAsync(Request)) return NotDone(With(), "加多少要写成整数", "Write the margin as a whole number");
        var decision = await shelves.FillAsync(owner, Margin["margin"], Fee, keepsOwn: true);
        if (ProblemOf(decision) is var (zh, en)) return NotDone(With(), zh, en);
        var filling = ((AgentsDecision<ShelfFilling>.Saved)decision).Value;
        await RecordAsync("retail.fill", $"{owner} {Margin["margin"]}");
        return Done(With(), $"上架 {filling.Listed} 个；{filling.Left.Count} 个在价格控制内卖不了", $"{filling.Listed} listed; {filling.Left.Count} cannot be sold within price control");
    }
}
