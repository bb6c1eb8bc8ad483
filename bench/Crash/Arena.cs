using System.Collections.Concurrent;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;

namespace Lianka.Bench.Crash;

/// <summary>The nodes of one run, each at an address that it keeps over its deaths; a supervisor starts them again.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private readonly Seat[] _seats;
    private readonly string _folder, _database;
    private readonly ConcurrentDictionary<Task, byte> _starting = [];
    private volatile bool _isClosing;

    private sealed class Seat(int port)
    {
        public int Port => port;
        public Uri Address { get; } = new($"http://127.0.0.1:{port}");
        public Node? Node { get; set; }
        public volatile bool IsUp;
        public bool IsFrozen { get; set; }
        public SemaphoreSlim Turn { get; } = new(1, 1);
    }

    private Arena(string folder, string database, int nodes) =>
        (_folder, _database, _seats) = (folder, database, [.. Enumerable.Range(0, nodes).Select(_ => new Seat(FreePort.Find()))]);

    public int Nodes => _seats.Length;
    public int Up => _seats.Count(s => s.IsUp);

    public static async Task<Arena> OpenAsync(string folder, string database, int nodes)
    {
        var arena = new Arena(folder, database, nodes);
        foreach (var seat in arena._seats) await arena.StartAsync(seat);
        return arena;
    }

    /// <summary>The address of a node that is thought to be up; when none is, of any.</summary>
    public Uri Address(int wish)
    {
        for (var i = 0; i < _seats.Length; i++)
        {
            var seat = _seats[(wish + i) % _seats.Length];
            if (seat.IsUp) return seat.Address;
        }

        return _seats[wish % _seats.Length].Address;
    }

    /// <summary>Kills a node without a word. Its supervisor starts it again; nobody waits for that.</summary>
    /// <returns>False when it was not up.</returns>
    public async Task<bool> KillAsync(int number)
    {
        var seat = _seats[number % _seats.Length];
        if (!seat.IsUp || !await seat.Turn.WaitAsync(0)) return false;
        try
        {
            if (!seat.IsUp) return false;
            seat.IsUp = false;
            await seat.Node!.KillAsync();
        }
        finally
        {
            seat.Turn.Release();
        }

        var start = StartAsync(seat);
        _starting.TryAdd(start, 0);
        _ = start.ContinueWith(t => _starting.TryRemove(t, out var _), TaskScheduler.Default);
        return true;
    }

    /// <summary>Freezes a node; clients still think that it is up. Then lets it go on.</summary>
    public async Task<bool> FreezeAsync(int number, TimeSpan time)
    {
        var seat = _seats[number % _seats.Length];
        if (!await seat.Turn.WaitAsync(0)) return false;
        try
        {
            if (!seat.IsUp) return false;
            await seat.Node!.SignalAsync("STOP");
            await Task.Delay(time);
            await seat.Node.SignalAsync("CONT");
            return true;
        }
        finally
        {
            seat.Turn.Release();
        }
    }

    /// <summary>Until every node is up.</summary>
    public async Task AllUpAsync()
    {
        while (_seats.Any(s => !s.IsUp)) await Task.Delay(50);
    }

    private async Task StartAsync(Seat seat)
    {
        while (!_isClosing)
        {
            await seat.Turn.WaitAsync();
            try
            {
                seat.Node = await Node.StartAsync(Directory.CreateDirectory(_database == "sqlite" ? _folder : Path.Combine(_folder, $"node-{seat.Port}")).FullName,
                    _database, port: seat.Port, environment: new Dictionary<string, string>(Market.Environment) { ["DOTNET_TieredPGO"] = "0", ["DOTNET_EnableDiagnostics"] = "0" });
                seat.IsUp = true;
                return;
            }
            catch (InvalidOperationException)
            {
                // The database was away: as a supervisor does, once more in a moment.
                await Task.Delay(200);
            }
            finally
            {
                seat.Turn.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        await Task.WhenAll(_starting.Keys);
        foreach (var seat in _seats)
        {
            if (seat.Node is { HasEnded: false } node) await node.KillAsync();
            seat.Turn.Dispose();
        }
    }
}
