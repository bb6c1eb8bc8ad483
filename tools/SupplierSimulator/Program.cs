using System.Globalization;
using Lianka.SupplierSimulator;
using Lianka.SupplierSimulator.Protocols;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

// lianka-supplier-simulator [--port N] [--seed N]: suppliers' systems on 127.0.0.1, for tests, the demo and measurements.
var port = Number("--port", 5090);
var seed = Number("--seed", 1);
if (port is < 0 or > 65_535)
{
    Console.Error.WriteLine("lianka-supplier-simulator [--port N] [--seed N]");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
await using var app = builder.Build();
var desk = new Desk(seed);
Kasushou.Map(app, desk);
Kayixin.Map(app, desk);
Fulu.Map(app, desk);
Reloadly.Map(app, desk);
AdminEndpoints.Map(app, desk);
await app.StartAsync();
// Whoever started it reads the address from this line.
Console.WriteLine($"Supplier simulator at {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
await app.WaitForShutdownAsync();
return 0;

int Number(string name, int usual)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? usual : at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;
}
