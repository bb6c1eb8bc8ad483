using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>Numbers for orders and transfers, drawn in the transaction that writes them.</summary>
/// <remarks>
/// Draw them behind <see cref="LedgerWrites.EnterAsync"/>, and either behind the locks of the accounts or for a write that
/// fails when one of them has changed (<see cref="LedgerWrites.ReplaceBalancesAsync"/>). Then of two transfers that move one
/// account, the later has the higher number, and the fold finds nothing new below its mark.
/// </remarks>
/// <param name="blocks">The first numbers of blocks, rising.</param>
public sealed class LedgerNumbers(IReadOnlyList<long> blocks)
{
    /// <summary>So many come with one draw (0023-order-transfers.sql).</summary>
    public const int Block = 4_096;

    /// <summary>The series begins here; ids below are of other things, and of orders and transfers from before it.</summary>
    public const long Start = 1L << 40;

    private int _given;

    /// <summary>The lowest that was drawn.</summary>
    public long First => blocks[0];

    /// <summary>The highest that was given out; 0 before.</summary>
    public long Last { get; private set; }

    /// <exception cref="InvalidOperationException">More are asked for than were drawn.</exception>
    public long Next()
    {
        if (_given == blocks.Count * Block) throw new InvalidOperationException($"All {_given} numbers that were drawn are given out.");
        var (block, offset) = Math.DivRem(_given++, Block);
        return Last = blocks[block] + offset;
    }

    /// <summary>Adds the draw of so many numbers, or more, to other reads.</summary>
    /// <returns>The numbers, there once the reads have run.</returns>
    public static LedgerNumbers Draw(ReadBatch reads, Session session, int count)
    {
        var blocks = new List<long>();
        var draws = (count + Block - 1) / Block;
        if (session.Kind == DatabaseKind.Postgres)
            reads.Add("select nextval('ledger_number') from generate_series(1, @draws)", row => blocks.Add(row.GetInt64(0)), ("@draws", draws));
        else
            reads.Add("update id_block set next = next + @count where name = 'ledger' returning next - @count", row =>
            {
                for (var i = 0; i < draws; i++) blocks.Add(row.GetInt64(0) + (i * (long)Block));
            }, ("@count", draws * (long)Block));
        return new LedgerNumbers(blocks);
    }

    public static async Task<LedgerNumbers> DrawAsync(Session session, int count)
    {
        var reads = new ReadBatch(session);
        var numbers = Draw(reads, session, count);
        await reads.RunAsync();
        return numbers;
    }
}
