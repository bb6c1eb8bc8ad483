using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lianka.Tests.Integration.Channels;

/// <summary>The channel simulator as a process of its own.</summary>
internal sealed class ChannelSimulator : IAsyncDisposable
{
    private readonly Process _process;

    public string Address { get; }
    public HttpClient Client { get; }

    private ChannelSimulator(Process process, string address)
    {
        (_process, Address) = (process, address);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(address) };
    }

    public static async Task<ChannelSimulator> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka-channel-simulator.dll"), "--port", "0", "--seed", "7"]) start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulator did not start.");
        return new ChannelSimulator(process, line[(line.LastIndexOf(' ') + 1)..]);
    }

    /// <summary>The merchants it knows, in the words of the protocols' fields.</summary>
    public async Task<IReadOnlyList<JsonObject>> IdentitiesAsync(string protocol) =>
        [.. (await Client.GetFromJsonAsync<JsonArray>("/sim/identity"))!.OfType<JsonObject>().Where(i => (string)i["protocol"]! == protocol)];

    /// <param name="channel"><c>protocol:merchant</c>; nothing: all.</param>
    public async Task BehaveAsync(JsonObject behaviour, string channel = "")
    {
        using var answer = await Client.PostAsJsonAsync($"/sim/behaviour?channel={channel}", behaviour);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What it knows of a trade; null: nothing.</summary>
    public async Task<JsonObject?> TradeAsync(string outNo)
    {
        using var answer = await Client.GetAsync($"/sim/trades/{outNo}");
        return answer.IsSuccessStatusCode ? (JsonObject)(await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync()))! : null;
    }

    /// <param name="what"><c>pay</c>, <c>pay-late</c>, <c>open</c>, <c>close</c>, <c>notify?lie=…</c>.</param>
    public async Task TellAsync(string outNo, string what)
    {
        using var answer = await Client.PostAsync($"/sim/trades/{outNo}/{what}", null);
        answer.EnsureSuccessStatusCode();
    }

    public async Task RotateAsync(string protocol)
    {
        using var answer = await Client.PostAsync($"/sim/rotate/{protocol}", null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
