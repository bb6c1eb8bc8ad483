using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>Keeps the newest price book of this database in memory. Thread-safe.</summary>
public sealed class PriceBooks(Database database) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private PriceBook _current = PriceBook.Empty;

    /// <summary>The book as last read, at most about a second old on a serving node. For pages, not for money.</summary>
    public PriceBook Current => Volatile.Read(ref _current);

    /// <summary>The book as this transaction sees it: one row is read, and only when that row moved what changed since.</summary>
    /// <remarks>
    /// The caller has not changed prices in this transaction itself: the book is shared, and what may still be rolled back
    /// must not be seen by others. Load first, change after.
    /// </remarks>
    public async Task<PriceBook> LoadAsync(Session session) => await LoadAsync(session, await PriceBookReader.VersionAsync(session));

    /// <summary>Adds the read of the row that moves with every change.</summary>
    /// <returns>Gives the version once the reads have run.</returns>
    public static Func<long> ReadVersion(ReadBatch reads)
    {
        var version = 0L;
        reads.Add(PriceBookReader.VersionSql, row => version = row.GetInt64(0));
        return () => version;
    }

    /// <summary>As <see cref="LoadAsync(Session)"/>, by a version that the caller has read in this transaction.</summary>
    public async Task<PriceBook> LoadAsync(Session session, long version)
    {
        if (Current is { } fresh && fresh.Version >= version) return fresh;

        // One loader at a time: after a change, the callers that wait here find the book already there.
        await _loading.WaitAsync();
        try
        {
            while (true)
            {
                var have = Current;
                if (have.Version >= version) return have;
                // What changed is read and put over the book at hand; everything, where that cannot be told.
                if (await PriceBookReader.LoadAsync(session, have) is { } loaded)
                {
                    Volatile.Write(ref _current, loaded);
                    return loaded;
                }

                version = await PriceBookReader.VersionAsync(session);
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>As <see cref="LoadAsync(Session)"/>, in a transaction of its own.</summary>
    public Task<PriceBook> RefreshAsync(CancellationToken cancel = default) => database.ReadAsync(s => LoadAsync(s), cancel);

    /// <summary>Shortens the log of what changed. A node that has not read so far reads everything.</summary>
    internal Task PruneAsync(long keep, CancellationToken cancel = default) => database.WriteAsync(s => PriceLog.PruneAsync(s, keep), cancel);

    public void Dispose() => _loading.Dispose();
}
