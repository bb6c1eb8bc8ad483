using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>What stands in the catalog, as far as a sheet speaks of it.</summary>
/// <param name="Products">By slug.</param>
/// <param name="Skus">By code; the products of all of them are among the products.</param>
internal sealed record GoodsBook(
    IReadOnlyList<Category> Categories, IReadOnlyList<Brand> Brands, WordList Words, Dictionary<string, Product> Products, Dictionary<string, Sku> Skus)
{
    private readonly Dictionary<long, string> _categorySlugs = Categories.ToDictionary(c => c.Id, c => c.Slug);
    private readonly Dictionary<long, string> _brandSlugs = Brands.ToDictionary(b => b.Id, b => b.Slug);

    public Dictionary<string, string> TextsOf(Product product) => GoodsTexts.Of(product, _categorySlugs, _brandSlugs);

    /// <summary>By slug, or else by the name in one language.</summary>
    public static List<T> Named<T>(IEnumerable<T> all, string text, Func<T, (string Slug, string Zh, string En)> names)
    {
        var by = all.Select(x => (Row: x, Names: names(x))).ToList();
        return by.FindAll(x => x.Names.Slug == text) is { Count: > 0 } slugs ? slugs.ConvertAll(x => x.Row)
            : by.FindAll(x => x.Names.Zh == text || string.Equals(x.Names.En, text, StringComparison.OrdinalIgnoreCase)).ConvertAll(x => x.Row);
    }
}

/// <summary>A product or a SKU as a line wants it, and what stands in the way.</summary>
/// <param name="Changes">None: it stays as it is.</param>
internal sealed record Wanted<T>(T Value, List<GoodsChange> Changes, List<FieldError> Problems);

/// <summary>What a line still does to the catalog as it is now.</summary>
/// <param name="Product">To be written; null: stays as it is.</param>
/// <param name="Sku">To be written, with its product's id still to be set where that is new; null: stays as it is.</param>
/// <param name="Problems">Some: nothing is written, the line is left alone.</param>
internal sealed record GoodsStep(Product? Product, bool IsNewProduct, Sku? Sku, bool IsNewSku, IReadOnlyList<FieldError> Problems);

/// <summary>What becomes of the lines of a sheet. Products and SKUs pass the same rules as those that are typed (<see cref="CatalogRules"/>).</summary>
/// <remarks>
/// A blank cell leaves what is there. What several lines say of one product has to be the same; the first good line of it makes or changes the product.
/// Held by: tests/Unit/Catalog/GoodsPlanExamples.cs, tests/Integration/Catalog/GoodsImportTests.cs.
/// </remarks>
internal static class GoodsPlan
{
    public static List<GoodsRow> Of(IReadOnlyList<GoodsLine> lines, GoodsBook book)
    {
        var products = new ProductsOfFile(lines, book);
        var bySku = new Dictionary<string, long>();
        var carried = new HashSet<string>();
        var slugs = book.Products.Values.ToDictionary(p => p.Id, p => p.Slug);
        var rows = new List<GoodsRow>(lines.Count);
        foreach (var line in lines)
        {
            if (line.Problems.Any(p => p.Field.Length == 0))
            {
                rows.Add(new GoodsRow(line.No, BulkOutcome.Cannot, "", "", "", "", [], line.Problems));
                continue;
            }

            var code = line.At(GoodsSheet.SkuKey);
            var sku = book.Skus.GetValueOrDefault(code);
            var slug = line.At(GoodsSheet.ProductKey);
            List<FieldError> problems = [.. line.Problems];
            if (slug.Length == 0 && line.Given.Keys.Any(IsOfProduct))
                problems.Add(Required(GoodsSheet.ProductKey, "Give the slug of the product that these columns are about.", "写了商品的内容，请填上商品网址名。"));
            else if (slug.Length == 0 && code.Length > 0 && sku is null)
                problems.Add(Required(GoodsSheet.ProductKey, "There is no such SKU; a new one needs the slug of its product.", "没有这个规格；新规格要写它的商品网址名。"));
            if (code.Length == 0 && (slug.Length == 0 || !line.Given.Keys.All(IsOfProduct)))
                problems.Add(Required(GoodsSheet.SkuKey, "Fill this in.", "请填写此项。"));
            if (code.Length > 0 && !bySku.TryAdd(code, line.No))
                problems.Add(new FieldError(GoodsSheet.SkuKey, "twice", $"Line {bySku[code]} is about this SKU already.", $"第 {bySku[code]} 行已经写过这个规格。"));
            if (sku is not null && slug.Length > 0 && slugs[sku.ProductId] != slug)
                problems.Add(OtherProduct(slugs[sku.ProductId]));

            var product = slug.Length == 0 ? null : products.Of(slug);
            problems.AddRange(products.DiffersAt(line));
            if (product is not null) problems.AddRange(product.Problems.Where(p => !problems.Exists(q => q.Field == p.Field)));
            var wanted = code.Length == 0 || (slug.Length == 0 && sku is null) ? null : Want(line.Given, sku, code, product?.Value.Id ?? sku?.ProductId ?? default, book, default);
            if (wanted is not null) problems.AddRange(wanted.Problems.Where(p => !problems.Exists(q => q.Field == p.Field)));

            List<GoodsChange> changes = [];
            if (problems.Count == 0)
            {
                if (product?.Changes.Count > 0 && carried.Add(slug)) changes.AddRange(product.Changes);
                if (wanted is not null) changes.AddRange(wanted.Changes);
            }

            var outcome = problems.Count > 0 ? BulkOutcome.Cannot : changes.Count == 0 ? BulkOutcome.Same
                : (wanted is not null && sku is null) || changes.Exists(c => c.Was is null) ? BulkOutcome.Add : BulkOutcome.Change;
            var (ofProduct, ofSku) = (product?.Value ?? (sku is null ? null : book.Products[slugs[sku.ProductId]]), wanted?.Value);
            rows.Add(new GoodsRow(line.No, outcome, ofProduct?.Slug ?? slug, code, $"{ofProduct?.NameZh} {ofSku?.NameZh}".Trim(), $"{ofProduct?.NameEn} {ofSku?.NameEn}".Trim(), changes, problems));
        }

        return rows;
    }

    /// <summary>What a row of the preview does now: nothing, where anything it would change is not as it was.</summary>
    public static GoodsStep Step(GoodsRow row, GoodsBook now, DateTimeOffset at)
    {
        List<GoodsChange> ofProduct = [.. row.Changes.Where(c => IsOfProduct(c.Column))], ofSku = [.. row.Changes.Where(c => !IsOfProduct(c.Column))];
        var (product, sku) = (now.Products.GetValueOrDefault(row.Product), now.Skus.GetValueOrDefault(row.Sku));
        var problems = new List<FieldError>();
        problems.AddRange(Moved(ofProduct, product is null ? null : now.TextsOf(product), GoodsSheet.ProductKey));
        problems.AddRange(Moved(ofSku, sku is null ? null : GoodsTexts.Of(sku), GoodsSheet.SkuKey));
        var isNewProduct = ofProduct.Exists(c => c.Was is null);
        if (product is null && !isNewProduct) problems.Add(new FieldError(GoodsSheet.ProductKey, "moved", "The product is not there.", "商品不在。"));
        if (sku is not null && product is not null && sku.ProductId != product.Id) problems.Add(OtherProduct(row.Product));
        if (problems.Count > 0) return new GoodsStep(null, false, null, false, problems);

        var wantedProduct = ofProduct.Count == 0 ? null : Want(Texts(ofProduct), product, row.Product, now, at);
        var wantedSku = ofSku.Count == 0 ? null : Want(Texts(ofSku), sku, row.Sku, product?.Id ?? default, now, at);
        problems.AddRange(wantedProduct?.Problems ?? []);
        problems.AddRange(wantedSku?.Problems ?? []);
        return problems.Count > 0 ? new GoodsStep(null, false, null, false, problems)
            : new GoodsStep(wantedProduct?.Value, isNewProduct, wantedSku?.Value, sku is null, []);

        static Dictionary<string, string> Texts(IEnumerable<GoodsChange> changes) => changes.ToDictionary(c => c.Column, c => c.Becomes);
    }

    private static IEnumerable<FieldError> Moved(List<GoodsChange> changes, Dictionary<string, string>? now, string key)
    {
        if (changes.Count == 0) return [];
        if (changes[0].Was is null != now is null)
            return [new FieldError(key, "moved", now is null ? "It is gone since the preview." : "It was made by somebody else since the preview.", now is null ? "预览之后它不在了。" : "预览之后别人建了它。")];
        return now is null ? [] : changes.Where(c => (now.GetValueOrDefault(c.Column) ?? "") != c.Was)
            .Select(c => new FieldError(c.Column, "moved", "Changed by somebody else since the preview.", "预览之后被别人改过。"));
    }

    internal static Wanted<Product> Want(Dictionary<string, string> given, Product? current, string slug, GoodsBook book, DateTimeOffset at)
    {
        var before = current is null ? null : book.TextsOf(current);
        var texts = new Dictionary<string, string>(before ?? GoodsTexts.NewProduct()) { [GoodsSheet.ProductKey] = slug };
        foreach (var (key, text) in given) texts[key] = text;
        var problems = new List<FieldError>();
        var category = Find("category", book.Categories, c => (c.Slug, c.NameZh, c.NameEn))?.Id ?? 0;
        var brand = Find("brand", book.Brands, b => (b.Slug, b.NameZh, b.NameEn))?.Id;
        var (value, errors) = CatalogRules.Check(GoodsTexts.ProductOf(texts, category, brand), current?.Id ?? default, at);
        if (!texts.ContainsKey("category")) problems.Add(Required("category", "Fill this in.", "请填写此项。"));
        return Judge(value, before, book.TextsOf(value), given, true, [.. problems, .. Named(errors, true)], () => book.Words.Find(CatalogRules.ListedTextsOf(value)));

        T? Find<T>(string key, IEnumerable<T> all, Func<T, (string, string, string)> names) where T : class
        {
            if (texts.GetValueOrDefault(key) is not { Length: > 0 } text) return null;
            var found = GoodsBook.Named(all, text, names);
            if (found.Count == 1) return found[0];
            problems.Add(found.Count > 1
                ? new FieldError(key, "ambiguous", $"Several are called “{GoodsHeader.Short(text)}”: write the slug.", $"有几个都叫「{GoodsHeader.Short(text)}」，请写网址名。")
                : new FieldError(key, "not_found", $"There is no “{GoodsHeader.Short(text)}”.", $"没有「{GoodsHeader.Short(text)}」。"));
            return null;
        }
    }

    internal static Wanted<Sku> Want(Dictionary<string, string> given, Sku? current, string code, ProductId product, GoodsBook book, DateTimeOffset at)
    {
        var before = current is null ? null : GoodsTexts.Of(current);
        var texts = new Dictionary<string, string>(before ?? GoodsTexts.NewSku()) { [GoodsSheet.SkuKey] = code };
        foreach (var (key, text) in given) texts[key] = text;
        var (value, errors) = CatalogRules.Check(GoodsTexts.SkuOf(texts, product), current?.Id ?? default, at);
        return Judge(value, before, GoodsTexts.Of(value), given, false, Named(errors, false), () => book.Words.Find(CatalogRules.ListedTextsOf(value)));
    }

    /// <summary>The rules are asked where something changes; what cannot be read is said even where it would change nothing.</summary>
    private static Wanted<T> Judge<T>(
        T value, Dictionary<string, string>? before, Dictionary<string, string> after, Dictionary<string, string> given, bool isProduct, List<FieldError> errors, Func<List<FieldError>> forbidden)
    {
        List<GoodsChange> changes = [.. after.Where(c => before is null ? c.Value.Length > 0 : c.Value != before[c.Key]).Select(c => new GoodsChange(c.Key, before?[c.Key], c.Value))];
        if (errors.Count == 0 && changes.Count > 0) errors = Named(forbidden(), isProduct);
        return new Wanted<T>(value, changes, changes.Count > 0 ? errors : errors.FindAll(e => given.ContainsKey(e.Field)));
    }

    /// <summary>The rules' names of fields as columns.</summary>
    private static List<FieldError> Named(IEnumerable<FieldError> errors, bool isProduct) =>
        [.. errors.Select(e => e with { Field = GoodsSheet.Columns.FirstOrDefault(c => c.IsProduct == isProduct && c.Field == e.Field)?.Key ?? e.Field })];

    private static bool IsOfProduct(string key) => GoodsSheet.Find(key)!.IsProduct;

    private static FieldError Required(string key, string en, string zh) => new(key, "required", en, zh);

    private static FieldError OtherProduct(string slug) =>
        new(GoodsSheet.SkuKey, "other_product", $"This SKU belongs to the product “{slug}”.", $"这个规格属于商品「{slug}」。");

    /// <summary>What all lines of a file together say of each product.</summary>
    private sealed class ProductsOfFile
    {
        private readonly GoodsBook _book;
        private readonly Dictionary<string, Dictionary<string, string>> _given = [];
        private readonly Dictionary<(string Slug, string Column), long> _saidAt = [];
        private readonly Dictionary<string, Wanted<Product>> _wanted = [];

        public ProductsOfFile(IEnumerable<GoodsLine> lines, GoodsBook book)
        {
            _book = book;
            foreach (var line in lines)
            {
                if (line.At(GoodsSheet.ProductKey) is not { Length: > 0 } slug) continue;
                if (!_given.TryGetValue(slug, out var given)) _given[slug] = given = [];
                foreach (var (key, text) in Said(line))
                    if (given.TryAdd(key, text)) _saidAt[(slug, key)] = line.No;
            }
        }

        private static IEnumerable<KeyValuePair<string, string>> Said(GoodsLine line) =>
            line.Given.Where(g => IsOfProduct(g.Key) && !line.Problems.Any(p => p.Field == g.Key));

        public Wanted<Product> Of(string slug)
        {
            if (!_wanted.TryGetValue(slug, out var wanted))
                _wanted[slug] = wanted = Want(_given[slug], _book.Products.GetValueOrDefault(slug), slug, _book, default);
            return wanted;
        }

        /// <summary>Columns in which a line does not say of its product what an earlier one does.</summary>
        public IEnumerable<FieldError> DiffersAt(GoodsLine line)
        {
            if (line.At(GoodsSheet.ProductKey) is not { Length: > 0 } slug) return [];
            return Said(line).Where(g => _given[slug].TryGetValue(g.Key, out var said) && said != g.Value)
                .Select(g => new FieldError(g.Key, "differs", $"Line {_saidAt[(slug, g.Key)]} says something else of this product.", $"和第 {_saidAt[(slug, g.Key)]} 行对同一个商品写的不一样。"));
        }
    }
}
