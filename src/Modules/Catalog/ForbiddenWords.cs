using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

public sealed record ForbiddenWord
{
    public required long Id { get; init; }
    public required string Word { get; init; }
    public string AddedBy { get; init; } = "";
    public DateTimeOffset AddedAt { get; init; }
}

/// <param name="TakenOff">Products and SKUs that were listed with the word in their texts and are off now.</param>
public sealed record WordAdded(ForbiddenWord Word, IReadOnlyList<string> TakenOff);

/// <summary>Words that no listed goods may carry, in whatever language. Checked when goods are saved, and when a word is added.</summary>
/// <remarks>Held by: tests/Integration/Catalog/ForbiddenWordTests.cs.</remarks>
public sealed class ForbiddenWords(Database database, IdSource ids, TimeProvider clock)
{
    /// <summary>So many words are held against a text in a few milliseconds.</summary>
    public const int WordsMax = 5_000;
    private const int LengthMax = 40;

    public Task<List<ForbiddenWord>> ListAsync(CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<ForbiddenWord>("select id, word, added_by, added_at from forbidden_word order by folded"), cancel);

    /// <summary>Adds a word, and takes off what is listed with it.</summary>
    public async Task<CatalogDecision<WordAdded>> AddAsync(string word, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        word = check.Name("word", word, LengthMax);
        var folded = check.Errors.Count == 0 ? new FoldedText(word).ToString() : "";
        if (check.Errors.Count == 0 && folded.Length < 2)
            check.Add("word", "too_short", "At least two characters: a single one stands in too many other words.", "至少两个字：单个字会误伤太多词。");
        if (check.Errors.Count > 0) return new CatalogDecision<WordAdded>.Refused(check.Errors);
        var row = new ForbiddenWord { Id = await ids.NextAsync(), Word = word, AddedBy = actor, AddedAt = clock.Now() };
        try
        {
            return await database.WriteAsync(s => AddAsync(s, row, folded), cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            return new CatalogDecision<WordAdded>.Refused([CatalogRules.Taken("word")]);
        }
    }

    private static async Task<CatalogDecision<WordAdded>> AddAsync(Session s, ForbiddenWord row, string folded)
    {
        await s.ExecuteAsync("update version set value = value + 1 where name = 'words'");
        if (await s.ScalarAsync<long>("select count(*) from forbidden_word") >= WordsMax)
            return new CatalogDecision<WordAdded>.Refused(
                [new FieldError("word", "too_many", $"There are {WordsMax} words already.", $"已有 {WordsMax} 个词，不能再加。")]);
        await s.ExecuteAsync(
            "insert into forbidden_word (id, word, folded, added_by, added_at) values (@Id, @Word, @folded, @AddedBy, @AddedAt)",
            new { row.Id, row.Word, folded, row.AddedBy, row.AddedAt });

        List<string> off = [];
        foreach (var product in await s.QueryAsync<Product>($"{CatalogReads.Product} where state = 'listed'"))
        {
            if (!Holds(CatalogRules.TextsOf(product), folded)) continue;
            await s.ExecuteAsync("update product set state = 'off', updated_at = @AddedAt where id = @Id", new { row.AddedAt, product.Id });
            off.Add(product.Slug);
        }

        foreach (var sku in await s.QueryAsync<Sku>($"{CatalogReads.Sku} where state = 'listed'"))
        {
            if (!Holds(CatalogRules.TextsOf(sku), folded)) continue;
            await s.ExecuteAsync("update sku set state = 'off' where id = @Id", new { sku.Id });
            await CatalogWrites.TouchSkuAsync(s, sku.Id, row.AddedAt);
            off.Add(sku.Code);
        }

        if (off.Count > 0) await CatalogWrites.BumpAsync(s);
        return new CatalogDecision<WordAdded>.Saved(new WordAdded(row, off));
    }

    /// <summary>Removes a word. What it took off stays off until somebody lists it again.</summary>
    public async Task<bool> RemoveAsync(long id, CancellationToken cancel = default) =>
        await database.WriteAsync(s => s.ExecuteAsync("delete from forbidden_word where id = @id", new { id }), cancel) == 1;

    /// <summary>Each field that holds a forbidden word, with the first such word. Waits for a word that is just being added.</summary>
    public static async Task<List<FieldError>> FindAsync(Session session, IReadOnlyList<(string Field, string Text)> texts) =>
        texts.Count == 0 ? [] : (await LockAsync(session)).Find(texts);

    /// <summary>As <see cref="FindAsync"/>, in a transaction that only reads.</summary>
    internal static async Task<List<FieldError>> LookAsync(Session session, IReadOnlyList<(string Field, string Text)> texts) =>
        (await ReadAsync(session)).Find(texts);

    /// <summary>The words, of which none is added until this transaction ends.</summary>
    internal static async Task<WordList> LockAsync(Session session)
    {
        await session.ExecuteAsync($"select value from version where name = 'words'{session.ForUpdate}");
        return await ReadAsync(session);
    }

    internal static async Task<WordList> ReadAsync(Session session) =>
        new((await session.QueryAsync<WordRow>("select word, folded from forbidden_word order by id")).ConvertAll(w => (w.Word, w.Folded)));

    private static bool Holds(IReadOnlyList<(string Field, string Text)> texts, string folded) =>
        texts.Any(t => new FoldedText(t.Text).Contains(folded));

    private sealed record WordRow
    {
        public string Word { get; init; } = "";
        public string Folded { get; init; } = "";
    }
}
