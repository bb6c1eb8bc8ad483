using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lianka.Kernel;
using Lianka.Modules.Inventory.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>Where a card stands. Never what it is.</summary>
public sealed record CardPlace
{
    public LotId LotId { get; init; }

    /// <summary>Its number in the lot, from 1.</summary>
    public long Seq { get; init; }
    public SkuId SkuId { get; init; }
}

/// <summary>Finds cards by their last characters without opening any, and gives tails to those that came in before there were tails.</summary>
/// <remarks>
/// A tail is a keyed fingerprint (decision 58). A card's tails are written with the card and are to be deleted with it. The place of the work on older cards is kept in
/// the database, so any node goes on where another stopped; done twice it changes nothing. Held by: tests/Integration/Inventory/CardTailTests.cs.
/// </remarks>
public sealed class CardTails(Database database, CardVault vault, TimeProvider clock)
{
    /// <summary>Cards in one transaction: some milliseconds of SQLite's only writer.</summary>
    private const int PartCards = 500;

    /// <summary>Of those with the same tail, so many are told.</summary>
    private const int PlacesMax = 50;

    /// <summary>The rest between parts, in which buyers are served.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(10);

    /// <summary>Without a gap: an import keeps two million of them.</summary>
    /// <param name="Seq">Of a card in the lot that the rows are for.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal readonly record struct Row(long Tail, int Seq);

    private sealed record Place
    {
        public long LotId { get; init; }
        public long Seq { get; init; }
    }

    private sealed record CardRow
    {
        public long LotId { get; init; }
        public long Seq { get; init; }
        public byte[] Sealed { get; init; } = [];
    }

    /// <summary>Whether words may be the end of a card at all.</summary>
    public static bool MayBe(string words) => CardTail.Asked(words).Count > 0;

    /// <summary>Where the cards stand that end so; the latest lots first.</summary>
    /// <param name="tenant">When given, cards of other suppliers are as if they did not exist.</param>
    public Task<List<CardPlace>> FindAsync(string words, SupplierId? tenant = null, CancellationToken cancel = default)
    {
        var tails = CardTail.Asked(words).Select(t => Number(BinaryPrimitives.ReadUInt128BigEndian(vault.Fingerprint(t, CardTail.Scope)))).ToArray();
        if (tails.Length == 0) return Task.FromResult(new List<CardPlace>());
        return database.ReadAsync(s => s.QueryAsync<CardPlace>(
            $"""
            select t.lot_id, t.seq, l.sku_id from card_tail t join lot l on l.id = t.lot_id
            where {s.AnyOf("t.tail", "@Tails")}{(tenant is null ? "" : " and l.supplier_id = @tenant")}
            order by t.lot_id desc, t.seq limit @PlacesMax
            """, new { Tails = s.List(tails), tenant, PlacesMax }), cancel);
    }

    /// <summary>Works until every card has its tails; at once over when all have.</summary>
    /// <returns>How many cards this call looked at.</returns>
    public async Task<long> FillAsync(CancellationToken cancel = default)
    {
        long looked = 0;
        while (await database.ReadAsync(s => s.FirstAsync<Place>("select lot_id, seq from tail_fill where ended_at is null"), cancel) is { } place)
        {
            looked += await PartAsync(place, cancel);
            await Task.Delay(_rest, cancel);
        }

        return looked;
    }

    private async Task<int> PartAsync(Place place, CancellationToken cancel)
    {
        var cards = await database.ReadAsync(s => s.QueryAsync<CardRow>(
            "select lot_id, seq, sealed from card where (lot_id, seq) > (@LotId, @Seq) order by lot_id, seq limit @PartCards",
            new { place.LotId, place.Seq, PartCards }), cancel);
        // Opened before the transaction, so that the writer is held for the writing alone.
        var lots = new List<(long Lot, List<Row> Rows)>();
        using (var bulk = vault.Bulk())
            foreach (var card in cards)
            {
                if (lots.Count == 0 || lots[^1].Lot != card.LotId) lots.Add((card.LotId, []));
                var (number, secret, _) = CardText.Split(vault.Open(card.Sealed, CardText.Context(new LotId(card.LotId), card.Seq)));
                Add(lots[^1].Rows, bulk, (int)card.Seq, number, secret);
            }

        return await database.WriteAsync(async s =>
        {
            var moved = await s.ExecuteAsync(
                "update tail_fill set lot_id = @ToLot, seq = @ToSeq, ended_at = @Ended where lot_id = @LotId and seq = @Seq and ended_at is null",
                new
                {
                    ToLot = cards.Count == 0 ? place.LotId : cards[^1].LotId, ToSeq = cards.Count == 0 ? place.Seq : cards[^1].Seq,
                    Ended = cards.Count == 0 ? clock.Now() : (DateTimeOffset?)null, place.LotId, place.Seq,
                });
            // Cards that were imported meanwhile have theirs already.
            if (moved > 0)
                foreach (var (lot, rows) in lots) await FillInAsync(s, lot, rows);
            return moved > 0 ? cards.Count : 0;
        }, cancel);
    }

    /// <summary>Adds the tails of a card that is being sealed, numbered as it will be.</summary>
    internal static void Add(List<Row> rows, CardVault.BulkSealer bulk, int seq, string? number, string secret)
    {
        var (first, second) = CardTail.Of(number, secret);
        if (first is not null) rows.Add(new Row(Number(bulk.Fingerprint(first, CardTail.Scope)), seq));
        if (second is not null) rows.Add(new Row(Number(bulk.Fingerprint(second, CardTail.Scope)), seq));
    }

    /// <summary>Writes the tails of new cards. In the transaction that writes the cards.</summary>
    internal static Task InsertAsync(Session session, LotId lot, List<Row> rows)
    {
        // In the order of the index, which is written from one end to the other then.
        rows.Sort(static (a, b) => a.Tail != b.Tail ? a.Tail.CompareTo(b.Tail) : a.Seq.CompareTo(b.Seq));
        return session.InsertAsync("card_tail", "tail, lot_id, seq", rows, (row, w) => Write(lot.Value, row, w));
    }

    private static async Task FillInAsync(Session session, long lot, List<Row> rows)
    {
        if (session.Kind == DatabaseKind.Sqlite) session.ForEach("insert into card_tail (tail, lot_id, seq) values (?1, ?2, ?3) on conflict do nothing", rows, (row, w) => Write(lot, row, w));
        else
            await session.ExecuteAsync("insert into card_tail (tail, lot_id, seq) select n.tail, @lot, n.seq from unnest(@Tails, @Seqs) as n (tail, seq) on conflict do nothing", new
            {
                lot, Tails = rows.ConvertAll(r => r.Tail).ToArray(), Seqs = rows.ConvertAll(r => r.Seq).ToArray(),
            });
    }

    private static void Write(long lot, Row row, IRowWriter writer)
    {
        writer.Number(row.Tail);
        writer.Number(lot);
        writer.Number(row.Seq);
    }

    private static long Number(UInt128 fingerprint) => unchecked((long)(ulong)fingerprint);
}
