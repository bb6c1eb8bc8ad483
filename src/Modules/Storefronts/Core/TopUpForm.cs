using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Browse;

namespace Lianka.Modules.Storefronts.Core;

/// <summary>Values of one product on the form of a category.</summary>
/// <param name="Carriers">For whose numbers these are, in the words of the fields; empty: for all.</param>
public sealed record TopUpValues(Product Product, IReadOnlyList<Choice> Choices, IReadOnlyList<string> Carriers);

/// <summary>The goods of a category as one form: what they all ask for, and the values to choose from.</summary>
/// <param name="Rest">What asks for something else, or is no top-up: these have pages of their own.</param>
/// <remarks>
/// Goods belong to one form when they ask for the same; carriers apart, because the number tells which of the goods it may be.
/// Where goods ask for different things, the form is the one of most values.
/// Held by: tests/Unit/Storefronts/ScenarioExamples.cs.
/// </remarks>
public sealed record TopUpForm(IReadOnlyList<AccountField> Fields, IReadOnlyList<TopUpValues> Values, IReadOnlyList<Goods> Rest)
{
    /// <returns>Null: nothing here goes to an account.</returns>
    public static TopUpForm? Of(IReadOnlyList<Goods> goods)
    {
        var asked = goods.SelectMany(g => g.Choices.Where(c => c.IsTopUp), (g, c) => (g.Product, Choice: c, AccountFields.Parse(c.Sku.Fields).Fields))
            .GroupBy(x => KeyOf(x.Fields)).MaxBy(same => same.Count())?.ToList();
        if (asked is null) return null;
        var onForm = asked.Select(x => x.Choice).ToHashSet();
        return new TopUpForm(
            asked[0].Fields,
            [.. asked.GroupBy(x => x.Product.Id).Select(of => new TopUpValues(
                of.First().Product, [.. of.Select(x => x.Choice).OrderBy(c => c.Sku.FaceValue).ThenBy(c => c.Retail)], CarriersOf(of.Select(x => x.Fields))))],
            [.. goods.Select(g => g with { Choices = [.. g.Choices.Where(c => !onForm.Contains(c))] }).Where(g => g.Choices.Count > 0)]);
    }

    private static string KeyOf(IReadOnlyList<AccountField> fields) => string.Join('\n', fields.Select(f =>
        $"{f.Key}|{f.Kind}|{f.IsRequired}|{f.NameZh}|{f.NameEn}|{(f.Kind == AccountFieldKind.Phone ? "" : string.Join(',', f.Choices))}"));

    private static string[] CarriersOf(IEnumerable<IReadOnlyList<AccountField>> all)
    {
        var phones = all.SelectMany(fields => fields.Where(f => f.Kind == AccountFieldKind.Phone)).ToList();
        return phones.Exists(f => f.Choices.Count == 0) ? [] : [.. phones.SelectMany(f => f.Choices).Distinct()];
    }
}
