using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>What one merchant may buy, at which price, and what it asks for it in its shops.</summary>
internal abstract class ShelfEditPage(
    PriceBooks books, Shelves shelves, Catalog.Finder finder, Catalog.Catalog catalog, Inventory.Inventory inventory, StorefrontFees fees, Names names) : ConsolePage
{
    // A page ends with the product that fills it: more rows make one form slow on a phone.
    private const int RowsMax = 100;

    private Func<Money, Money> _fee = null!;

    public sealed record Row(SkuName Name, SkuEntry Sku, Money Unit, long Stock, Money? Retail, Money? Lowest);

    protected abstract Task<MerchantId?> OwnerAsync();

    /// <summary>Rows can be marked, to be listed or taken off together.</summary>
    public virtual bool HasMarks => false;

    public string Search { get; private set; } = "";
    public string Category { get; private set; } = "";

    /// <summary>on, off, or all.</summary>
    public string On { get; private set; } = "";
    public IReadOnlyList<Category> Categories { get; private set; } = [];
    public List<Row> Rows { get; private set; } = [];
    public string? Next { get; private set; }
    public string? First { get; private set; }
    public Form Margin { get; private set; } = null!;

    public Table Nothing => new(Title)
    {
        Empty = Search.Length + Category.Length + On.Length > 0
            ? new EmptyState(T("没有符合条件的商品", "No goods match"), T("去掉一个条件试试。", "Take a condition away."), Request.Path, T("看全部商品", "All goods"), "search")
            : new EmptyState(T("没有可买的商品", "Nothing on offer"),
                T("平台定好这个等级的价格、有货源以后，商品会出现在这里。", "Goods appear here once the platform has set this level's prices and has a supply."), Icon: "products"),
    };

    /// <summary>The same rows for a file.</summary>
    public Table Sheet
    {
        get
        {
            var table = Parts.Table.Of(Rows, Title)
                .Column(T("编码", "Code"), r => r.Name.Code)
                .Column(T("商品", "Goods"), r => Names.Sku(r.Name, Language))
                .Money(T("拿货价", "Own price"), r => r.Unit)
                .Number(T("库存", "Stock"), r => r.Stock)
                .Money(T("最低零售价", "Lowest retail price"), r => r.Lowest)
                .Money(T("最高零售价", "Highest retail price"), r => r.Sku.Ceiling)
                .Money(T("零售价", "Retail price"), r => r.Retail)
                .Build();
            (table.Next, table.First) = (Next, First);
            return table;
        }
    }

    public Field FieldOf(Row row) => Form!.Field(NameOf(row));
    private static string NameOf(Row row) => "r_" + row.Sku.Id;

    private async Task<MerchantId?> LoadAsync()
    {
        if (await OwnerAsync() is not { } owner) return null;
        (Search, Category, On) = (Request.Query["q"].ToString().Trim(), Request.Query["category"].ToString(), Request.Query["on"].ToString());
        _fee = await fees.NowAsync();
        Categories = await catalog.ListCategoriesAsync();
        var book = await books.RefreshAsync();
        var found = await FoundAsync(owner, book);
        var byName = await names.SkusAsync(found.Select(f => f.Sku.Id));
        var stock = await inventory.StockOfAsync([.. found.Select(f => f.Sku.Id)]);
        Rows = found.ConvertAll(f => new Row(byName[f.Sku.Id], f.Sku, f.Unit, stock.GetValueOrDefault(f.Sku.Id), book.Retail(owner, f.Sku.Id),
            RetailRules.Lowest(f.Unit, _fee, f.Sku.Floor, f.Sku.Ceiling)));
        Form = new Form(Language);
        foreach (var row in Rows)
            Form.Money(NameOf(row), Names.Sku(row.Name, Platform.Http.Language.Zh), Names.Sku(row.Name, Platform.Http.Language.En), optional: true).Fill(NameOf(row), row.Retail?.Text(2));
        Margin = new Form(Language).Whole("margin", "在拿货价上加（基点，100 = 1%）", "Over the own price (basis points, 100 = 1%)").Fill("margin", "300");
        return owner;
    }

    /// <summary>One page of what is offered; best matches first, whole products at a time.</summary>
    private async Task<List<(SkuEntry Sku, Money Unit)>> FoundAsync(MerchantId owner, PriceBook book)
    {
        var category = Category.Length > 0 ? Category : null;
        var isLater = ProductId.TryParse(Request.Query["after"], out var after);
        First = isLater ? With(("after", null)) : null;
        // Without words products are looked at in their order, no further than the page needs.
        var products = Search.Length == 0
            ? await finder.OfCategoryAsync(isLater ? book.Products.SkipWhile(p => p.Value <= after.Value) : book.Products, category)
            : (await finder.FindAsync(among: null, category, Search)).Products is var hits && isLater ? hits.Skip(hits.IndexOf(after) + 1) : hits;
        var found = new List<(SkuEntry Sku, Money Unit)>();
        foreach (var product in products)
        {
            var offered = new List<(SkuEntry, Money)>();
            foreach (var sku in book.SkusOf(product))
                if (IsWanted(book.Retail(owner, sku.Id)) && book.Terms(owner, sku.Id, 1, Now) is { } terms) offered.Add((sku, terms.Unit));
            if (offered.Count == 0) continue;
            // There is more, and the product before this one was the page's last.
            if (found.Count >= RowsMax)
            {
                Next = With(("after", found[^1].Sku.Product.ToString()));
                break;
            }

            found.AddRange(offered);
        }

        return found;

        bool IsWanted(Money? retail) => On switch { "on" => retail is not null, "off" => retail is null, _ => true };
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
            var decision = field.Value.Length == 0 ? await shelves.TakeOffAsync(owner, row.Sku.Id) : await shelves.SetAsync(owner, row.Sku.Id, field.Value, _fee);
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
        var decision = await shelves.FillAsync(owner, Margin["margin"], _fee, keepsOwn: true);
        if (ProblemOf(decision) is var (zh, en)) return NotDone(With(), zh, en);
        var filling = ((AgentsDecision<ShelfFilling>.Saved)decision).Value;
        await RecordAsync("retail.fill", $"{owner} {Margin["margin"]}");
        return Done(With(), $"上架 {filling.Listed} 个；{filling.Left.Count} 个在价格控制内卖不了", $"{filling.Listed} listed; {filling.Left.Count} cannot be sold within price control");
    }
}
