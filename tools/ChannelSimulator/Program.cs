using System.Globalization;
using Lianka.ChannelSimulator;
using Lianka.ChannelSimulator.Protocols;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

// lianka-channel-simulator [--port N] [--seed N] [--keys FOLDER] [--name WORD] [--until-input-ends]: payment channels on 127.0.0.1, for tests, the demo and measurements.
var port = Number("--port", 5080);
var seed = Number("--seed", 1);
if (port is < 0 or > 65_535)
{
    Console.Error.WriteLine("lianka-channel-simulator [--port N] [--seed N] [--keys FOLDER]");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
await using var app = builder.Build();
app.MapGet("/sim/name", () => Word("--name") ?? "");
var address = new Lazy<string>(() => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
var trades = new Trades(seed);
var keys = new Keys(Word("--keys"));
var notices = new Notices(trades);
var faults = new Faults(trades);
notices.Add(new WeChat(trades, keys, notices, faults, address));
notices.Add(new Alipay(trades, keys, notices, faults, address));
notices.Add(new UnionPay(trades, keys, notices, faults, address));
notices.Add(new Stripe(trades, notices, faults, address));
notices.Add(new Epay1(trades, notices, faults, address));
notices.Add(new Epay2(trades, keys, notices, faults, address));
foreach (var protocol in notices.Protocols) protocol.Map(app);
Cashier.Map(app, trades, notices);
AdminEndpoints.Map(app, trades, notices);
try
{
    await app.StartAsync();
}
catch (IOException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

// Whoever started it reads the address from this line.
Console.WriteLine($"Channel simulator at {address.Value}");
// A child of a node lives as long as the node, which is when its input ends, and not until Ctrl-C, which reaches both at once.
if (args.Contains("--until-input-ends")) while (await Console.In.ReadLineAsync() is not null) { }
else await app.WaitForShutdownAsync();
return 0;

int Number(string name, int usual) =>
    !args.Contains(name) ? usual : int.TryParse(Word(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;

string? Word(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
