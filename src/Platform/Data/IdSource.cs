using System.Diagnostics;
using Lianka.Kernel;

namespace Lianka.Platform.Data;

/// <summary>Hands out ids that are unique in the installation, from blocks taken from the database.</summary>
/// <remarks>
/// Thread-safe. Ids rise with time on one node; a restart skips what was left of a block. Over all nodes they rise but for
/// the time a block is used (<see cref="MomentSearch"/> rests on it).
/// </remarks>
public sealed class IdSource(Database database) : IDisposable
{
    private const long BlockSize = 8_192;

    /// <summary>What is left of a block after this time is thrown away, so that an idle node does not give old numbers to new things.</summary>
    private static readonly TimeSpan _blockLife = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _refill = new(1, 1);
    private readonly Lock _gate = new();
    private long _next, _end, _takenAt;

    public async ValueTask<Id<T>> NextAsync<T>() where T : IIdKind => new(await NextAsync());

    public async ValueTask<long> NextAsync()
    {
        while (true)
        {
            if (TryTake(out var id)) return id;
            await _refill.WaitAsync();
            try
            {
                if (HasSome()) continue;
                var now = Stopwatch.GetTimestamp();
                // Blocking, so that the order engine, which needs them most, does not wait for a thread of a busy pool.
                var end = await database.WriteBlockingAsync(s => s.ScalarAsync<long>(
                    "update id_block set next = next + @BlockSize where name = 'all' returning next", new { BlockSize }));
                lock (_gate) (_next, _end, _takenAt) = (end - BlockSize, end, now);
            }
            finally
            {
                _refill.Release();
            }
        }
    }

    /// <summary>An id for use inside the transaction of this session; gone with it when it fails.</summary>
    /// <remarks>
    /// <see cref="NextAsync()"/> refills in a transaction of its own, for which on SQLite the session's caller, who is the
    /// only writer, would wait for ever. There a drained block is stepped over with a single id of the session's own.
    /// </remarks>
    public async ValueTask<long> NextAsync(Session session)
    {
        if (TryTake(out var id)) return id;
        return session.Kind == DatabaseKind.Postgres
            ? await NextAsync()
            : await session.ScalarAsync<long>("update id_block set next = next + 1 where name = 'all' returning next - 1");
    }

    private bool TryTake(out long id)
    {
        lock (_gate)
        {
            id = _next;
            if (!HasSome()) return false;
            _next++;
            return true;
        }
    }

    private bool HasSome() => _next < _end && Stopwatch.GetElapsedTime(_takenAt) < _blockLife;

    public void Dispose() => _refill.Dispose();
}
