namespace Lianka.Modules.Catalog.Core;

/// <summary>The texts by which one product is found.</summary>
/// <param name="Names">Of the product, folded.</param>
/// <param name="Others">Its slug, and codes and names of its SKUs, folded.</param>
internal sealed record SearchEntry(ProductId Id, long Category, string Names, string Others)
{
    public Reach OfNames { get; } = Reach.Of(Names);
    public Reach OfOthers { get; } = Reach.Of(Others);
}

/// <summary>Which products a query means, best first.</summary>
/// <remarks>Held by: tests/Unit/Catalog/SearchExamples.cs.</remarks>
internal static class SearchRank
{
    /// <summary>What stands in the name comes before what stands elsewhere.</summary>
    private const int OfOthers = 5;

    /// <summary>A product fits when each word does; its rank is the sum over the words, and of equals the older stands first.</summary>
    /// <param name="among">In any order.</param>
    /// <returns>With <c>IsNear</c>: nothing fits as it is written, and what fits with a mistake or two is told instead.</returns>
    public static (List<ProductId> Products, bool IsNear) Find(IReadOnlyList<string> words, IReadOnlyList<SearchEntry> among)
    {
        var sought = words.Select(w => new Sought(w, Reach.Need.Of(w), WordMatch.MistakesMax(w))).ToArray();
        var found = Sorted(sought, among, isNear: false);
        if (found.Count > 0) return (found, false);
        // A mistake is in one of the words; the others may well be right.
        found = Sorted(sought, among, isNear: true);
        return (found, found.Count > 0);
    }

    private readonly record struct Sought(string Word, Reach.Need Need, int MistakesMax)
    {
        /// <summary>How well the word fits a text, the best is 0; null: not at all.</summary>
        public int? Level(string text, Reach reach, bool isNear)
        {
            if (!Need.MayBeMet(reach, isNear ? MistakesMax : 0)) return null;
            return WordMatch.Level(Word, text) ?? (isNear ? 2 * OfOthers * WordMatch.Mistakes(Word, text) : null);
        }
    }

    private static List<ProductId> Sorted(Sought[] words, IReadOnlyList<SearchEntry> among, bool isNear)
    {
        var found = new List<(int Rank, ProductId Id)>();
        foreach (var entry in among)
        {
            var rank = 0;
            foreach (var word in words)
            {
                if ((word.Level(entry.Names, entry.OfNames, isNear) ?? word.Level(entry.Others, entry.OfOthers, isNear) + OfOthers) is not { } of)
                {
                    rank = -1;
                    break;
                }

                rank += of;
            }

            if (rank >= 0) found.Add((rank, entry.Id));
        }

        found.Sort();
        return found.ConvertAll(f => f.Id);
    }
}
