using Lianka.Kernel;
using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Which accounts and whose lots a batch may have changed: all that another engine must forget of what it remembers.</summary>
internal sealed record EngineChange(IReadOnlyCollection<AccountId> Accounts, IReadOnlyCollection<SkuId> Skus)
{
    /// <summary>So many batches are kept; an engine that was away for longer forgets everything.</summary>
    private const int Kept = 64;

    public static EngineChange Of(BatchState state) => new(state.Writes.Balances.Keys, [.. state.Stock.Skus.Union(state.Stock.GivenBackTo)]);

    /// <summary>Adds the read of what batches after a certain one changed.</summary>
    public static void Read(ReadBatch reads, long after, Action<long, EngineChange> found) =>
        reads.Add("select batch, touched from engine_change where batch > @after", row => found(row.GetInt64(0), Decode((byte[])row.GetValue(1))), ("@after", after));

    public Task SaveAsync(Session session, long batch) => session.ExecuteAsync(
        """
        insert into engine_change (slot, batch, touched) values (@Slot, @batch, @Touched)
        on conflict (slot) do update set batch = excluded.batch, touched = excluded.touched
        """,
        new { Slot = batch % Kept, batch, Touched = Encode() });

    // Sorted numbers lie close together: what follows by how much takes a byte or two.
    private byte[] Encode()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Write(writer, Accounts.Select(a => a.Value));
        Write(writer, Skus.Select(s => s.Value));
        writer.Flush();
        return bytes.ToArray();
    }

    private static void Write(BinaryWriter writer, IEnumerable<long> ids)
    {
        var sorted = ids.Order().ToList();
        writer.Write7BitEncodedInt(sorted.Count);
        long last = 0;
        foreach (var id in sorted)
        {
            writer.Write7BitEncodedInt64(id - last);
            last = id;
        }
    }

    private static EngineChange Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return new EngineChange([.. Ids(reader).Select(i => new AccountId(i))], [.. Ids(reader).Select(i => new SkuId(i))]);
    }

    private static List<long> Ids(BinaryReader reader)
    {
        var ids = new List<long>(reader.Read7BitEncodedInt());
        long last = 0;
        while (ids.Count < ids.Capacity) ids.Add(last += reader.Read7BitEncodedInt64());
        return ids;
    }
}
