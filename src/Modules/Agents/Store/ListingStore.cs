using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>A row of <c>listing</c>.</summary>
internal sealed record ListingLine : StepLine
{
    public MerchantId MerchantId { get; init; }
    public long TakesOff { get; init; }
    public long MarginBps { get; init; }
    public Money Added { get; init; }
    public Money? AddedMax { get; init; }
    public RetailEnding Ending { get; init; }

    /// <param name="rule">Null: there is none, and its columns say nothing.</param>
    public static ListingLine Of(
        long id, MerchantId merchant, GoodsChoice choice, RetailRule? rule, bool takesOff, string? file, string actor, DateTimeOffset now) => new()
        {
            Id = id, MerchantId = merchant, TakesOff = takesOff ? 1 : 0, Choice = choice,
            MarginBps = rule?.MarginBps ?? 0, Added = rule?.Added ?? default, AddedMax = rule?.AddedMax, Ending = rule?.Ending ?? default, File = file, CreatedBy = actor, CreatedAt = now,
        };

    public Listing ToListing() => new()
    {
        Id = Id, Merchant = MerchantId, TakesOff = TakesOff == 1, Choice = Choice,
        Rule = TakesOff == 1 || File is not null ? null : new RetailRule(MarginBps, Added, AddedMax, Ending), File = File, Failure = Failure, Ignored = IgnoredTitles,
        State = State, Total = Total, Done = Done, Changes = Changes, Cannot = Cannot, Moved = Moved, CreatedAt = CreatedAt,
    };
}

/// <summary>Listings and their rows, in the caller's transaction.</summary>
internal static class ListingStore
{
    private const string Select =
        """
        select id, merchant_id, takes_off, words, categories, skus, keeps_own, margin_bps, added, added_max, ending,
               state, at_sku, total, done, changes, cannot, moved, file, failure, ignored, created_by, created_at
        from listing
        """;

    private const string SelectRow = "select sku_id, outcome, unit, was, retail, fee, lowest, note from listing_row";

    public static readonly StepTable<ListingLine> Table = new("listing", FindAsync);

    public static Task<ListingLine?> FindAsync(Session s, long id, string lockRow = "") => s.FirstAsync<ListingLine>($"{Select} where id = @id{lockRow}", new { id });

    public static Task<List<ListingLine>> OfAsync(Session s, MerchantId merchant) =>
        s.QueryAsync<ListingLine>($"{Select} where merchant_id = @merchant order by id desc", new { merchant });

    public static Task<int> InsertAsync(Session s, ListingLine row) => s.ExecuteAsync(
        """
        insert into listing (id, merchant_id, takes_off, words, categories, skus, keeps_own, margin_bps, added, added_max, ending,
                             state, file, created_by, created_at)
        values (@Id, @MerchantId, @TakesOff, @Words, @Categories, @Skus, @KeepsOwn, @MarginBps, @Added, @AddedMax, @Ending,
                'previewing', @File, @CreatedBy, @CreatedAt)
        """, new
        {
            row.Id, row.MerchantId, row.TakesOff, row.Words, row.Categories, row.Skus, row.KeepsOwn, row.MarginBps, row.Added, row.AddedMax,
            Ending = Word(row.Ending), row.File, row.CreatedBy, row.CreatedAt,
        });

    /// <summary>Deletes the merchant's oldest, so that so many stay; one that is being done stays too.</summary>
    public static async Task ForgetAsync(Session s, MerchantId merchant, int stay)
    {
        // Locked first: a step that writes rows holds this lock, and none can follow.
        var old = (await s.QueryAsync<long>(
            $"select id from listing where merchant_id = @merchant and state <> 'applying' order by id desc{s.ForUpdate}", new { merchant })).Skip(stay).ToArray();
        if (old.Length == 0) return;
        await PriceFiles.ForgetAsync(s, old);
        await s.ExecuteAsync("delete from listing_row where listing_id in @old", new { old });
        await s.ExecuteAsync("delete from listing where id in @old", new { old });
    }

    public static Task InsertRowsAsync(Session s, long listing, IReadOnlyCollection<ListingRow> rows) => s.InsertAsync(
        "listing_row", "listing_id, sku_id, outcome, unit, was, retail, fee, lowest, note", rows, (r, row) =>
        {
            row.Number(listing);
            row.Number(r.Sku.Value);
            row.Text(Word(r.Outcome));
            row.Number(r.Unit?.Units);
            row.Number(r.Was?.Units);
            row.Number(r.Retail?.Units);
            row.Number(r.Fee?.Units);
            row.Number(r.Lowest?.Units);
            row.Text(Word(r.Note));
        });

    public static async Task<List<ListingRow>> RowsAsync(Session s, long listing, BulkOutcome? outcome, SkuId? after, int limit) =>
        (await s.QueryAsync<RowLine>(
            $"{SelectRow} where listing_id = @listing{(outcome is null ? "" : " and outcome = @Outcome")} and sku_id > @After order by sku_id limit @limit",
            new { listing, Outcome = outcome is { } only ? Word(only) : "", After = after?.Value ?? 0, limit })).ConvertAll(r => r.ToRow());

    public static async Task<List<ListingRow>> ToApplyAsync(Session s, long listing, long after, int limit) =>
        (await s.QueryAsync<RowLine>(
            $"{SelectRow} where listing_id = @listing and sku_id > @after and outcome in ('add', 'change', 'off') order by sku_id limit @limit",
            new { listing, after, limit })).ConvertAll(r => r.ToRow());

    public static async Task MarkMovedAsync(Session s, long listing, IReadOnlyCollection<SkuId> skus)
    {
        if (skus.Count > 0)
            await s.ExecuteAsync($"update listing_row set outcome = 'moved' where listing_id = @listing and {s.AnyOf("sku_id", "@Skus")}",
                new { listing, Skus = s.List(skus.Select(k => k.Value)) });
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private sealed record RowLine
    {
        public SkuId SkuId { get; init; }
        public BulkOutcome Outcome { get; init; }
        public Money? Unit { get; init; }
        public Money? Was { get; init; }
        public Money? Retail { get; init; }
        public Money? Fee { get; init; }
        public Money? Lowest { get; init; }
        public ListingNote Note { get; init; }

        public ListingRow ToRow() => new(SkuId, Outcome, Unit, Was, Retail, Fee, Lowest, Note);
    }
}
