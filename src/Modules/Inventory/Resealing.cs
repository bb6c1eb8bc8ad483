using System.Buffers.Binary;
using Lianka.Kernel;
using Lianka.Modules.Inventory.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>How far the secrets are re-sealed under the newest data key.</summary>
public sealed record ResealProgress
{
    public required long KeyId { get; init; }

    /// <summary>Cards looked at in this pass, and how many of them were under another key.</summary>
    public long Looked { get; init; }
    public long Found { get; init; }

    /// <summary>Cards re-sealed since the rotation.</summary>
    public long Resealed { get; init; }

    /// <summary>Secrets other than cards re-sealed since the rotation.</summary>
    public long Others { get; init; }

    /// <summary>Cards there are, to compare <see cref="Looked"/> with.</summary>
    public long Cards { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Brings cards, and then all other secrets, under the newest data key, in small parts, beside everything else that goes on.</summary>
/// <remarks>
/// Its place is kept in the database, so any node goes on where another stopped. A card is replaced only as it was read,
/// and the place moves only from where it was: of two nodes at it together one wins each part. Whoever reads a card finds
/// it sealed under one key or the other, and opens it with either. It ends with a pass that found nothing to do. The others
/// (<see cref="SealedColumn"/>) are few: they are looked for by their key each time, and need no place.
/// Held by: tests/Integration/Inventory/ResealTests.cs.
/// </remarks>
public sealed class Resealing(Database database, CardVault vault, IEnumerable<SealedColumn> columns, TimeProvider clock)
{
    /// <summary>Cards in one transaction: some milliseconds of SQLite's only writer.</summary>
    private const int PartCards = 500;

    /// <summary>Other secrets in one transaction; each may be a file of some MiB.</summary>
    private const int PartOthers = 8;

    /// <summary>The rest between parts, in which buyers are served.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Begins so long after the key began to seal: no import is still under way then that sealed its cards before.
    /// </summary>
    internal static readonly TimeSpan Begins = 2 * VaultKeys.Settling;

    private sealed record Row
    {
        public long KeyId { get; init; }
        public long LotId { get; init; }
        public long Seq { get; init; }
        public long Found { get; init; }
        public DateTimeOffset StartedAt { get; init; }
    }

    private sealed record CardRow
    {
        public long LotId { get; init; }
        public long Seq { get; init; }
        public byte[] Sealed { get; init; } = [];
    }

    private sealed record OtherRow
    {
        public string Key { get; init; } = "";
        public byte[] Sealed { get; init; } = [];
        public string? Text { get; init; }
    }

    private sealed record NewSeal(CardRow Card, byte[] Sealed);

    /// <summary>Of the newest rotation; null: there never was one.</summary>
    public Task<ResealProgress?> FindAsync(CancellationToken cancel = default) => database.ReadAsync(s => s.FirstAsync<ResealProgress>(
        """
        select key_id, looked, found, resealed, others, started_at, ended_at, (select coalesce(cast(sum(total) as bigint), 0) from lot) as cards
        from reseal order by key_id desc limit 1
        """), cancel);

    /// <summary>Works until nothing is left to do; at once over when there is nothing, or when it is too early.</summary>
    /// <returns>How many secrets this call re-sealed.</returns>
    public async Task<long> RunAsync(CancellationToken cancel = default)
    {
        long resealed = 0;
        while (await database.ReadAsync(FirstAsync, cancel) is { } place && clock.Now() >= place.StartedAt + Begins && vault.SealingKey == place.KeyId)
        {
            resealed += await PartAsync(place, cancel);
            await Task.Delay(_rest, cancel);
        }

        return resealed;
    }

    private static Task<Row?> FirstAsync(Session s) => s.FirstAsync<Row>(
        "select key_id, lot_id, seq, found, started_at from reseal where ended_at is null order by key_id desc limit 1");

    /// <returns>How many secrets were re-sealed; 0 also when another node was faster.</returns>
    private async Task<int> PartAsync(Row place, CancellationToken cancel)
    {
        var cards = await database.ReadAsync(s => s.QueryAsync<CardRow>(
            "select lot_id, seq, sealed from card where (lot_id, seq) > (@LotId, @Seq) order by lot_id, seq limit @PartCards",
            new { place.LotId, place.Seq, PartCards }), cancel);
        if (cards.Count == 0)
        {
            if (place.Found == 0 && await OthersAsync(place.KeyId, cancel) is > 0 and var others) return others;
            await database.WriteAsync(s => EndPassAsync(s, place), cancel);
            return 0;
        }

        // Opened and sealed before the transaction, so that the writer is held for the writing alone.
        var seals = cards.Where(c => CardVault.KeyOf(c.Sealed) != place.KeyId).Select(c =>
        {
            var context = CardText.Context(new LotId(c.LotId), c.Seq);
            return new NewSeal(c, vault.Seal(vault.Open(c.Sealed, context), context));
        }).ToList();
        return await database.WriteAsync(async s =>
        {
            var moved = await s.ExecuteAsync(
                """
                update reseal set lot_id = @ToLot, seq = @ToSeq, looked = looked + @Looked, found = found + @Found, resealed = resealed + @Found
                where key_id = @KeyId and lot_id = @LotId and seq = @Seq and ended_at is null
                """, new { ToLot = cards[^1].LotId, ToSeq = cards[^1].Seq, Looked = cards.Count, Found = seals.Count, place.KeyId, place.LotId, place.Seq });
            if (moved == 0) return 0;
            await WriteAsync(s, seals);
            return seals.Count;
        }, cancel);
    }

    /// <summary>The secrets that are no cards, column by column.</summary>
    private async Task<int> OthersAsync(long key, CancellationToken cancel)
    {
        var resealed = 0;
        foreach (var column in columns)
        {
            for (object after = column.HasTextKey ? "" : 0L; ;)
            {
                var (last, changed) = await PartAsync(column, key, after, cancel);
                resealed += changed;
                if (last is null) break;
                after = last;
                await Task.Delay(_rest, cancel);
            }
        }

        return resealed;
    }

    /// <returns>The key of the last row looked at; null when there are no more.</returns>
    private async Task<(object? Last, int Changed)> PartAsync(SealedColumn column, long key, object after, CancellationToken cancel)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(head, (int)key);
        // Behind the version stands the number of the key.
        var (value, condition) = column.TextOf is null
            ? ($"{column.Column} as sealed", $"length({column.Column}) > 0 and substr({column.Column}, 2, 4) <> @head") : ($"{column.Column} as text", $"{column.Key} like @TextOf");
        var rows = await database.ReadAsync(s => s.QueryAsync<OtherRow>(
            $"""
            select cast({column.Key} as text) as key, {value} from {column.Table} where {column.Key} > @after and {condition}
            order by {column.Key} limit {PartOthers}
            """, new { after, head, column.TextOf }), cancel);
        if (rows.Count == 0) return (null, 0);
        var changed = 0;
        foreach (var row in rows)
        {
            var old = row.Text is null ? row.Sealed : Convert.FromBase64String(row.Text);
            if (CardVault.KeyOf(old) == key) continue;
            var context = column.Context(row.Key);
            var young = vault.Seal(vault.OpenBytes(old, context), context);
            // Only as it was read: who changed it meanwhile sealed it under the new key.
            changed += await database.WriteAsync(async s =>
            {
                var written = await s.ExecuteAsync($"update {column.Table} set {column.Column} = @Young where {column.Key} = @Key and {column.Column} = @Old",
                    new { Key = KeyOf(row.Key), Old = row.Text ?? (object)old, Young = row.Text is null ? young : (object)Convert.ToBase64String(young) });
                if (written > 0) await s.ExecuteAsync("update reseal set others = others + 1 where key_id = @key", new { key });
                return written;
            }, cancel);
        }

        return (KeyOf(rows[^1].Key), changed);

        object KeyOf(string text) => column.HasTextKey ? text : long.Parse(text);
    }

    private static async Task WriteAsync(Session s, List<NewSeal> seals)
    {
        if (s.Kind == DatabaseKind.Sqlite)
        {
            s.ForEach("update card set sealed = ?4 where lot_id = ?1 and seq = ?2 and sealed = ?3", seals, (seal, w) =>
            {
                w.Number(seal.Card.LotId);
                w.Number(seal.Card.Seq);
                w.Bytes(seal.Card.Sealed);
                w.Bytes(seal.Sealed);
            });
            return;
        }

        await s.ExecuteAsync(
            """
            update card set sealed = n.young from unnest(@Lots, @Seqs, @Old, @Young) as n (lot_id, seq, old, young)
            where card.lot_id = n.lot_id and card.seq = n.seq and card.sealed = n.old
            """, new
            {
                Lots = seals.ConvertAll(c => c.Card.LotId).ToArray(),
                Seqs = seals.ConvertAll(c => c.Card.Seq).ToArray(),
                Old = seals.ConvertAll(c => c.Card.Sealed).ToArray(),
                Young = seals.ConvertAll(c => c.Sealed).ToArray(),
            });
    }

    /// <summary>Over, or once more from the beginning: cards that were imported meanwhile may stand behind the place.</summary>
    private Task EndPassAsync(Session s, Row place) => s.ExecuteAsync(
        place.Found == 0
            ? "update reseal set ended_at = @at where key_id = @KeyId and lot_id = @LotId and seq = @Seq and ended_at is null"
            : "update reseal set lot_id = 0, seq = 0, looked = 0, found = 0 where key_id = @KeyId and lot_id = @LotId and seq = @Seq and ended_at is null",
        new { at = clock.Now(), place.KeyId, place.LotId, place.Seq });
}
