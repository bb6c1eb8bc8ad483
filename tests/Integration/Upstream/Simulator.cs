using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lianka.Tests.Integration.Upstream;

/// <summary>The supplier simulator as a process of its own.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;

    public string Address { get; }

    private Simulator(Process process, string address)
    {
        (_process, Address) = (process, address);
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    /// <param name="behaviour">What it is told at the start; null: everything goes well, at once, and without notices.</param>
    public static async Task<Simulator> StartAsync(JsonObject? behaviour = null)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka-supplier-simulator.dll"), "--port", "0", "--seed", "7"]) start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulator did not start.");
        var simulator = new Simulator(process, line[(line.LastIndexOf(' ') + 1)..]);
        await simulator.BehaveAsync(behaviour ?? new JsonObject { ["delay_ms"] = 0, ["sends_notices"] = false });
        return simulator;
    }

    public async Task BehaveAsync(JsonObject behaviour)
    {
        using var answer = await _client.PostAsJsonAsync("/sim/behaviour", behaviour);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What it knows of one of our numbers; null: nothing was bought under it.</summary>
    public async Task<JsonObject?> OrderAsync(string ownNo)
    {
        using var answer = await _client.GetAsync($"/sim/orders/{ownNo}");
        return answer.IsSuccessStatusCode ? (JsonObject)(await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync()))! : null;
    }

    public async Task<JsonObject> SummaryAsync() => (JsonObject)(await JsonNode.ParseAsync(await _client.GetStreamAsync("/sim/summary")))!;

    public Task TellAsync(string ownNo, string what) => _client.PostAsync($"/sim/orders/{ownNo}/{what}", null);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
