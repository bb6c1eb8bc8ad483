using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using Lianka.Platform.Http;

namespace Lianka.Host.Scenarios;

/// <summary>A simulator of other people's systems, as a child of the node that runs the demo.</summary>
/// <remarks>
/// It ends with the node, however the node ends: the simulator stops when its standard input does. The node may call this one
/// place on its own machine and no other (LIANKA_PRIVATE_CALLS stays as it is).
/// </remarks>
internal sealed class DemoSimulator : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Null: the simulator of another node of this demo, which looks after it.</summary>
    private readonly Process? _process;

    private DemoSimulator(Process? process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="program">File name beside the node's own.</param>
    /// <param name="name">Of this demo, by which the simulator of another of its nodes is told from a stranger's.</param>
    /// <param name="last">Where it answered last: there again if the port is free.</param>
    /// <param name="further">What the program is told besides.</param>
    /// <exception cref="InvalidOperationException">It does not start; so do the exceptions of <see cref="IsNoStart"/>.</exception>
    public static async Task<DemoSimulator> StartAsync(string program, string name, Uri last, IReadOnlyList<string> further, GuardedHttp http, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = Patience };
        var made = await NameAsync(client, last, cancel) == name ? new DemoSimulator(null, last)
            : await LaunchAsync(program, name, last.Port, further, cancel) ?? await LaunchAsync(program, name, 0, further, cancel) ?? throw new InvalidOperationException("it ended at once.");
        http.AllowAlso(new IPEndPoint(IPAddress.Loopback, made.Address.Port));
        return made;
    }

    /// <summary>The node runs without the simulator then.</summary>
    public static bool IsNoStart(Exception fault, CancellationToken cancel) =>
        fault is InvalidOperationException or HttpRequestException or Win32Exception || (fault is OperationCanceledException or TimeoutException && !cancel.IsCancellationRequested);

    private static async Task<string?> NameAsync(HttpClient client, Uri address, CancellationToken cancel)
    {
        try
        {
            return await client.GetStringAsync(new Uri(address, "/sim/name"), cancel);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <returns>Null: the port is taken.</returns>
    private static async Task<DemoSimulator?> LaunchAsync(string program, string name, int port, IReadOnlyList<string> further, CancellationToken cancel)
    {
        var file = Path.Combine(AppContext.BaseDirectory, program);
        if (!File.Exists(file)) throw new InvalidOperationException($"{program} is not there.");
        var runtime = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        var start = new ProcessStartInfo(runtime) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[file, "--port", $"{port}", "--name", name, "--until-input-ends", .. further])
            start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        // Nobody reads what it says of an error, but it must not wait for a reader.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            if (await process.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(Patience, cancel) is { } line)
                return new DemoSimulator(process, new Uri(line[(line.LastIndexOf(' ') + 1)..]));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }

        await EndAsync(process);
        return null;
    }

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }

    public ValueTask DisposeAsync() => _process is null ? ValueTask.CompletedTask : new ValueTask(EndAsync(_process));
}
