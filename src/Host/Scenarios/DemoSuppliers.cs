using System.Globalization;
using System.Net.Http.Json;
using Lianka.Platform.Http;

namespace Lianka.Host.Scenarios;

/// <summary>The suppliers' systems of a demo.</summary>
internal static class DemoSuppliers
{
    /// <returns>Null when the simulator does not start; the node runs without it.</returns>
    /// <inheritdoc cref="DemoSimulator.StartAsync"/>
    public static async Task<DemoSimulator?> StartAsync(ScenarioFile file, string name, Uri last, GuardedHttp http, TextWriter output, CancellationToken cancel)
    {
        try
        {
            var suppliers = await DemoSimulator.StartAsync("lianka-supplier-simulator.dll", name, last, [], http, cancel);
            using var client = new HttpClient { Timeout = DemoSimulator.Patience };
            using var told = await client.PostAsJsonAsync(new Uri(suppliers.Address, "/sim/behaviour"), new { delay_ms = 400, prices = Prices(file) }, cancel);
            told.EnsureSuccessStatusCode();
            return suppliers;
        }
        catch (Exception fault) when (DemoSimulator.IsNoStart(fault, cancel))
        {
            await output.WriteLineAsync($"WARNING: the demo's supplier simulator did not start ({fault.Message}) Direct top-ups go back to their buyers.");
            return null;
        }
    }

    /// <summary>What each of the goods costs there: exactly what the demo's supplies say.</summary>
    private static Dictionary<string, decimal> Prices(ScenarioFile file) =>
        (from product in file.Products from sku in product.Skus from supply in sku.Supplies where supply.Connection is not null select supply)
        .ToDictionary(s => s.UpstreamCode, s => decimal.Parse(s.Cost, CultureInfo.InvariantCulture));
}
