using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>What a batch left of accounts and lots, for the other engines that remember them.</summary>
/// <param name="Cursors">Lots of which cards were drawn, and the next card of each.</param>
/// <param name="Returns">The SKUs whose returned cards came or went.</param>
internal sealed record EngineChange(
    IReadOnlyList<(AccountId Account, long Balance)> Balances, IReadOnlyList<(SkuId Sku, LotId Lot, long Next)> Cursors, IReadOnlyList<SkuId> Returns)
{
    /// <summary>So many batches are kept; an engine that was away for longer forgets everything.</summary>
    private const int Kept = 64;

    public static EngineChange Of(BatchState state)
    {
        var stock = state.Stock.Changes();
        var skus = state.Stock.Skus.SelectMany(state.Stock.Lots).ToDictionary(l => l.Id, l => l.Sku);
        return new EngineChange(
            [.. state.Writes.Balances.Select(b => (b.Key, b.Value.Units)).OrderBy(b => b.Key)],
            [.. stock.Cursors.Select(c => (skus[c.Lot], c.Lot, c.Next)).OrderBy(c => c.Lot)],
            [.. stock.Gone.Select(g => skus[g.Lot]).Concat(stock.Came.Select(c => c.Sku)).Distinct()]);
    }

    /// <summary>Adds the read of what batches after a certain one changed.</summary>
    public static void Read(ReadBatch reads, long after, Action<long, EngineChange> found) =>
        reads.Add("select batch, change from engine_change where batch > @after", row => found(row.GetInt64(0), Decode((byte[])row.GetValue(1))), ("@after", after));

    public Task SaveAsync(Session session, long batch) => session.ExecuteAsync(
        """
        insert into engine_change (slot, batch, change) values (@Slot, @batch, @Change)
        on conflict (slot) do update set batch = excluded.batch, change = excluded.change
        """,
        new { Slot = batch % Kept, batch, Change = Encode() });

    // Sorted ids lie close together: by how much one follows the other takes a byte or two.
    private byte[] Encode()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        long last = 0;
        writer.Write7BitEncodedInt(Balances.Count);
        foreach (var (account, balance) in Balances)
        {
            Follow(account.Value);
            writer.Write7BitEncodedInt64(balance);
        }

        last = 0;
        writer.Write7BitEncodedInt(Cursors.Count);
        foreach (var (sku, lot, next) in Cursors)
        {
            Follow(lot.Value);
            writer.Write7BitEncodedInt64(sku.Value);
            writer.Write7BitEncodedInt64(next);
        }

        writer.Write7BitEncodedInt(Returns.Count);
        foreach (var sku in Returns) writer.Write7BitEncodedInt64(sku.Value);
        writer.Flush();
        return bytes.ToArray();

        void Follow(long id)
        {
            writer.Write7BitEncodedInt64(id - last);
            last = id;
        }
    }

    private static EngineChange Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        long last = 0;
        var balances = new (AccountId, long)[reader.Read7BitEncodedInt()];
        for (var i = 0; i < balances.Length; i++) balances[i] = (new AccountId(last += reader.Read7BitEncodedInt64()), reader.Read7BitEncodedInt64());
        last = 0;
        var cursors = new (SkuId, LotId, long)[reader.Read7BitEncodedInt()];
        for (var i = 0; i < cursors.Length; i++)
        {
            var lot = new LotId(last += reader.Read7BitEncodedInt64());
            cursors[i] = (new SkuId(reader.Read7BitEncodedInt64()), lot, reader.Read7BitEncodedInt64());
        }

        var returns = new SkuId[reader.Read7BitEncodedInt()];
        for (var i = 0; i < returns.Length; i++) returns[i] = new SkuId(reader.Read7BitEncodedInt64());
        return new EngineChange(balances, cursors, returns);
    }
}
