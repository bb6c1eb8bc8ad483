using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Lianka.Tests.Integration.Faults;

/// <summary>What happens to the next COMMIT that passes.</summary>
public enum Cut
{
    /// <summary>It never reaches the server.</summary>
    BeforeCommit,

    /// <summary>The server has done it; the word about it is lost.</summary>
    AfterCommit,

    /// <summary>The client loses the connection at once, and the server gets the COMMIT a while later.</summary>
    CommitComesLate,

    /// <summary>Nothing passes any more, in either direction, as when the node were frozen; the connection stays.</summary>
    Freeze,
}

/// <summary>Stands between a node and PostgreSQL, and loses connections where it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly int _server;
    private readonly List<TcpClient> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private TcpListener _listener;
    private Cut? _next;
    private volatile TaskCompletionSource? _frozen;
    private int _cuts;

    private CuttingProxy(int server)
    {
        _server = server;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    public int Port { get; }

    /// <summary>How many connections were cut or frozen at a COMMIT.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <param name="connection">Of the server itself.</param>
    /// <returns>The proxy, and the connection string that leads through it.</returns>
    public static (CuttingProxy Proxy, string Connection) Before(string connection)
    {
        var direct = new Npgsql.NpgsqlConnectionStringBuilder(connection);
        var proxy = new CuttingProxy(direct.Port);
        return (proxy, new Npgsql.NpgsqlConnectionStringBuilder(connection) { Port = proxy.Port, Timeout = 2 }.ToString());
    }

    public void CutNext(Cut cut)
    {
        lock (_open) _next = cut;
    }

    /// <summary>Lets through what <see cref="Cut.Freeze"/> holds.</summary>
    public void Thaw() => Interlocked.Exchange(ref _frozen, null)?.SetResult();

    /// <summary>The server is gone: connections end, new ones are refused.</summary>
    public void GoDown()
    {
        _listener.Stop();
        lock (_open)
        {
            foreach (var client in _open) client.Dispose();
            _open.Clear();
        }
    }

    public void ComeBack()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Down.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        lock (_open) _open.Add(client);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var (near, far) = (client.GetStream(), server.GetStream());
            var deaf = new StrongBox<bool>();
            var back = BackAsync(far, near, deaf);
            await ForthAsync(near, far, client, deaf);
            client.Close();
            server.Close();
            await back;
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two ends is gone.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task ForthAsync(NetworkStream near, NetworkStream far, TcpClient client, StrongBox<bool> deaf)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await near.ReadAsync(buffer)) > 0)
        {
            var data = buffer.AsMemory(0, read);
            if (!IsCommit(data.Span) || Take() is not { } cut)
            {
                await WaitAsync();
                await far.WriteAsync(data);
                continue;
            }

            Interlocked.Increment(ref _cuts);
            switch (cut)
            {
                case Cut.Freeze:
                    _frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    await WaitAsync();
                    await far.WriteAsync(data);
                    continue;
                case Cut.BeforeCommit:
                    return;
                case Cut.AfterCommit:
                    Volatile.Write(ref deaf.Value, true);
                    await far.WriteAsync(data);
                    await Task.Delay(300); // Until the server has certainly done it.
                    return;
                default:
                    client.Close();
                    await Task.Delay(500);
                    await far.WriteAsync(data);
                    await Task.Delay(300);
                    return;
            }
        }
    }

    /// <param name="deaf">When set, the client hears nothing of what the server says.</param>
    private async Task BackAsync(NetworkStream far, NetworkStream near, StrongBox<bool> deaf)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await far.ReadAsync(buffer)) > 0)
            {
                await WaitAsync();
                if (!Volatile.Read(ref deaf.Value)) await near.WriteAsync(buffer.AsMemory(0, read));
            }

            near.Close();
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two ends is gone.
        }
    }

    private Task WaitAsync() => _frozen?.Task ?? Task.CompletedTask;

    private Cut? Take()
    {
        lock (_open)
        {
            var next = _next;
            _next = null;
            return next;
        }
    }

    private static bool IsCommit(ReadOnlySpan<byte> data) => data.IndexOf("COMMIT\0"u8) >= 0;

    public async ValueTask DisposeAsync()
    {
        Thaw();
        await _stop.CancelAsync();
        GoDown();
        _stop.Dispose();
    }
}
