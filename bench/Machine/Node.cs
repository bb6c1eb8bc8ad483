using System.Diagnostics;
using System.Net.Sockets;

namespace Lianka.Bench.Machine;

/// <summary>One node as a process of its own, started as an operator would start it.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _tail = [];

    public Uri Address { get; }
    public int Id => _process.Id;
    public bool HasEnded => _process.HasExited;

    private Node(Process process, Uri address) => (_process, Address) = (process, address);

    /// <param name="database"><c>sqlite</c> or a PostgreSQL connection string.</param>
    /// <param name="port">A fixed port, so that a node can be killed and come back at its address; 0: any.</param>
    public static async Task<Node> StartAsync(
        string dataFolder, string database, string scenario = "none", int port = 0, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (port == 0) port = FreePort.Find();
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "lianka.dll"));
        start.ArgumentList.Add("serve");
        start.Environment["LIANKA_DATA"] = dataFolder;
        start.Environment["LIANKA_DATABASE"] = database;
        start.Environment["LIANKA_SCENARIO"] = scenario;
        start.Environment["LIANKA_URLS"] = $"http://127.0.0.1:{port}";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var node = new Node(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        _ = node.ReadAsync(node._process.StandardOutput);
        _ = node.ReadAsync(node._process.StandardError);
        await node.ReadyAsync();
        return node;
    }

    /// <summary>SIGKILL: nothing is finished, nothing is written.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Freezes or thaws it (SIGSTOP, SIGCONT).</summary>
    public Task SignalAsync(string signal) => Shell.RunAsync("kill", $"-{signal}", $"{Id}");

    /// <summary>Resident bytes now, and at most since the start.</summary>
    public (long Now, long Peak) Memory()
    {
        var lines = File.ReadAllLines($"/proc/{Id}/status");
        return (Kilobytes("VmRSS:") * 1024, Kilobytes("VmHWM:") * 1024);

        long Kilobytes(string name) => long.Parse(
            Array.Find(lines, l => l.StartsWith(name, StringComparison.Ordinal))![name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim());
    }

    /// <summary>What it last printed, for when something went wrong.</summary>
    public string Tail()
    {
        lock (_tail) return string.Join('\n', _tail);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The node ended with {_process.ExitCode}:\n{Tail()}");
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception fault) when (fault is HttpRequestException or SocketException)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_tail)
            {
                if (_tail.Count == 50) _tail.RemoveAt(0);
                _tail.Add(line);
            }
        }
    }
}
