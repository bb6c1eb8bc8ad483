using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <param name="Products">Best first; without words, in the order in which they were made.</param>
/// <param name="IsNear">Nothing is called so; these are called nearly so.</param>
public sealed record FoundProducts(List<ProductId> Products, bool IsNear);

/// <summary>Finds products by words as people type them: names, pinyin, first letters, with a mistake or two. Thread-safe.</summary>
/// <remarks>
/// The names of all products are in memory, a node reads again only those that changed (decision 0043). Which of them are sold is the
/// caller's to know.
/// Held by: tests/Integration/Catalog/FinderTests.cs, tests/Unit/Catalog/SearchExamples.cs.
/// </remarks>
public sealed class Finder(Database database) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly ConcurrentDictionary<ProductId, SearchEntry> _entries = [];
    private readonly ConditionalWeakTable<ProductId[], Among> _among = [];
    private long _version = -1;

    /// <summary>Rises whenever one of the entries is another.</summary>
    private long _edition;

    /// <summary>The entries of the products of an array, found once as long as all entries stay as they are.</summary>
    private sealed record Among(long Edition, SearchEntry[] Entries);

    /// <param name="among">Only these; others are as if they did not exist. An array is expected to stay as it is: asked again, it is quicker. Null: all products.</param>
    /// <param name="category">The slug of a category; null: all.</param>
    /// <param name="query">Null or without a letter: all.</param>
    public async Task<FoundProducts> FindAsync(
        IReadOnlyCollection<ProductId>? among, string? category = null, string? query = null, CancellationToken cancel = default)
    {
        var of = await CategoryAsync(category, cancel);
        var entries = EntriesOf(among);
        if (category is not null) entries = [.. entries.Where(e => e.Category == of)];
        if (SearchText.Words(query ?? "") is { Length: > 0 } words)
        {
            var (found, isNear) = SearchRank.Find(words, entries);
            return new FoundProducts(found, isNear);
        }

        // Signs alone are no words: nothing is called so.
        return new FoundProducts(string.IsNullOrWhiteSpace(query) ? [.. entries.Select(e => e.Id).Order()] : [], false);
    }

    private IReadOnlyList<SearchEntry> EntriesOf(IReadOnlyCollection<ProductId>? among)
    {
        if (among is null) return [.. _entries.Select(e => e.Value)];
        if (among is not ProductId[] products) return Found(among);
        // Read before the entries: what changes meanwhile is of a later edition.
        var edition = Volatile.Read(ref _edition);
        if (_among.TryGetValue(products, out var known) && known.Edition == edition) return known.Entries;
        var entries = Found(products);
        _among.AddOrUpdate(products, new Among(edition, entries));
        return entries;

        SearchEntry[] Found(IReadOnlyCollection<ProductId> of)
        {
            var found = new List<SearchEntry>(of.Count);
            foreach (var id in of)
                if (_entries.TryGetValue(id, out var entry)) found.Add(entry);
            return [.. found];
        }
    }

    /// <summary>Those of a category, in the order they are given; looked at one by one as the caller takes them.</summary>
    public async Task<IEnumerable<ProductId>> OfCategoryAsync(IEnumerable<ProductId> among, string? category, CancellationToken cancel = default)
    {
        var of = await CategoryAsync(category, cancel);
        return among.Where(id => _entries.TryGetValue(id, out var entry) && (category is null || entry.Category == of));
    }

    /// <summary>The categories of those products that pass; looked no further than until each of <paramref name="count"/> categories has one.</summary>
    public async Task<HashSet<long>> CategoriesAsync(
        IEnumerable<ProductId> among, int count, Predicate<ProductId> passes, CancellationToken cancel = default)
    {
        await CategoryAsync(null, cancel);
        var found = new HashSet<long>();
        foreach (var id in among)
        {
            if (found.Count >= count) break;
            if (_entries.TryGetValue(id, out var entry) && !found.Contains(entry.Category) && passes(id)) found.Add(entry.Category);
        }

        return found;
    }

    private Task<long?> CategoryAsync(string? category, CancellationToken cancel) => database.ReadAsync(async s =>
    {
        await RefreshAsync(s, cancel);
        return category is null ? null : await s.ScalarAsync<long?>("select id from category where slug = @category", new { category });
    }, cancel);

    private async Task RefreshAsync(Session session, CancellationToken cancel)
    {
        var version = await CatalogReads.VersionAsync(session);
        if (Volatile.Read(ref _version) >= version) return;
        await _loading.WaitAsync(cancel);
        try
        {
            if (_version >= version) return;
            var changed = await CatalogReads.SearchEntriesAsync(session, _version);
            foreach (var entry in changed) _entries[entry.Id] = entry;
            if (changed.Count > 0) Interlocked.Increment(ref _edition);
            Volatile.Write(ref _version, version);
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();
}
