using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Lianka.Platform.Http;

namespace Lianka.Host.Scenarios;

/// <summary>The suppliers' systems of a demo: the simulator, as a child of the node that runs the demo.</summary>
/// <remarks>
/// It ends with the node, however the node ends: the simulator stops when its standard input does. The node may call this one
/// place on its own machine and no other (LIANKA_PRIVATE_CALLS stays as it is).
/// </remarks>
internal sealed class DemoSuppliers : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>Null: the simulator of another node of this demo, which looks after it.</summary>
    private readonly Process? _process;

    private DemoSuppliers(Process? process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="name">Of this demo, by which the simulator of another of its nodes is told from a stranger's.</param>
    /// <param name="last">Where the demo's suppliers answered last: there again if the port is free.</param>
    /// <returns>Null when the simulator does not start; the node runs without it.</returns>
    public static async Task<DemoSuppliers?> StartAsync(
        ScenarioFile file, string name, Uri last, GuardedHttp http, TextWriter output, CancellationToken cancel)
    {
        try
        {
            using var client = new HttpClient { Timeout = _patience };
            var suppliers = await NameAsync(client, last, cancel) == name ? new DemoSuppliers(null, last)
                : await LaunchAsync(name, last.Port, cancel) ?? await LaunchAsync(name, 0, cancel) ?? throw new InvalidOperationException("it ended at once.");
            using var told = await client.PostAsJsonAsync(new Uri(suppliers.Address, "/sim/behaviour"), new { delay_ms = 400, prices = Prices(file) }, cancel);
            told.EnsureSuccessStatusCode();
            http.AllowAlso(new IPEndPoint(IPAddress.Loopback, suppliers.Address.Port));
            return suppliers;
        }
        catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException or System.ComponentModel.Win32Exception
            || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            await output.WriteLineAsync($"WARNING: the demo's supplier simulator did not start ({fault.Message}) Direct top-ups go back to their buyers.");
            return null;
        }
    }

    /// <summary>What each of the goods costs there: exactly what the demo's supplies say.</summary>
    private static Dictionary<string, decimal> Prices(ScenarioFile file) =>
        (from product in file.Products from sku in product.Skus from supply in sku.Supplies where supply.Connection is not null select supply)
        .ToDictionary(s => s.UpstreamCode, s => decimal.Parse(s.Cost, System.Globalization.CultureInfo.InvariantCulture));

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
    private static async Task<DemoSuppliers?> LaunchAsync(string name, int port, CancellationToken cancel)
    {
        var runtime = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        var start = new ProcessStartInfo(runtime) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka-supplier-simulator.dll"), "--port", $"{port}", "--name", name, "--until-input-ends"])
            start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        // Nobody reads what it says of an error, but it must not wait for a reader.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            if (await process.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(_patience, cancel) is { } line)
                return new DemoSuppliers(process, new Uri(line[(line.LastIndexOf(' ') + 1)..]));
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
