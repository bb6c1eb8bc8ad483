using System.Collections.Concurrent;
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
    private long _version = -1;

    /// <param name="among">Only these; others are as if they did not exist. Null: all products.</param>
    /// <param name="category">The slug of a category; null: all.</param>
    /// <param name="query">Null or without a letter: all.</param>
    public async Task<FoundProducts> FindAsync(
        IReadOnlyCollection<ProductId>? among, string? category = null, string? query = null, CancellationToken cancel = default)
    {
        var of = await CategoryAsync(category, cancel);
        var entries = new List<SearchEntry>(among?.Count ?? _entries.Count);
        if (among is null) entries.AddRange(_entries.Select(e => e.Value).Where(e => category is null || e.Category == of));
        else
            foreach (var id in among)
                if (_entries.TryGetValue(id, out var entry) && (category is null || entry.Category == of)) entries.Add(entry);
        if (SearchText.Words(query ?? "") is { Length: > 0 } words)
        {
            var (found, isNear) = SearchRank.Find(words, entries);
            return new FoundProducts(found, isNear);
        }

        // Signs alone are no words: nothing is called so.
        return new FoundProducts(string.IsNullOrWhiteSpace(query) ? [.. entries.Select(e => e.Id).Order()] : [], false);
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
            foreach (var entry in await CatalogReads.SearchEntriesAsync(session, _version)) _entries[entry.Id] = entry;
            Volatile.Write(ref _version, version);
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();
}
