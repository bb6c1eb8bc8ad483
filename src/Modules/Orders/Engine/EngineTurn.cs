using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Whose engine ran the last batch on this database, and the number of that batch.</summary>
internal sealed record EngineTurn(long Holder, long Batch)
{
    /// <summary>Adds the reads that take the turn; undone with the transaction.</summary>
    /// <param name="was">Told whose turn it was.</param>
    public static void Take(ReadBatch reads, long holder, Action<EngineTurn> was)
    {
        reads.Add("select holder, batch from engine_turn", row => was(new EngineTurn(row.GetInt64(0), row.GetInt64(1))));
        reads.Add("update engine_turn set holder = @holder, batch = batch + 1 returning one", static _ => { }, ("@holder", holder));
    }
}
