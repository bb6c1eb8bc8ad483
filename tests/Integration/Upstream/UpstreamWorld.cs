using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Upstream;

/// <summary>A platform, one supplier, and the simulator that speaks all protocols.</summary>
internal sealed class UpstreamWorld : IAsyncDisposable
{
    private long _number = 1_000;

    public World World { get; }
    public Simulator Simulator { get; }
    public SupplierId Supplier { get; private set; }
    public Upstreams Upstreams => World.Get<Upstreams>();

    private UpstreamWorld(World world, Simulator simulator) => (World, Simulator) = (world, simulator);

    public static async Task<UpstreamWorld> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        var made = new UpstreamWorld(await World.CreateAsync(kind), await Simulator.StartAsync());
        made.Supplier = Goods.Saved(await made.World.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "sim", NameZh = "模拟", NameEn = "Simulated" })).Id;
        return made;
    }

    /// <summary>The secrets that the simulator knows for one of its customers.</summary>
    public static Dictionary<string, string> Secrets(string account) => new()
    {
        ["user_id"] = account, ["api_key"] = $"sim-key-{account}", ["app_id"] = account, ["secret"] = $"sim-key-{account}", ["app_key"] = account, ["app_secret"] = $"sim-key-{account}",
        ["client_id"] = account, ["client_secret"] = $"sim-key-{account}", ["webhook_secret"] = $"sim-webhook-{account}",
    };

    public ConnectionDraft Draft(string template, string account = "10001", int limitSeconds = 5)
    {
        var from = Upstreams.Templates.Single(t => t.Name == template);
        var config = from.Config.Replace("https://auth.reloadly.com", Simulator.Address, StringComparison.Ordinal);
        config = string.Create(CultureInfo.InvariantCulture, $"{config[..config.LastIndexOf('}')].TrimEnd()}, \"time_limit_s\": {limitSeconds} }}");
        return new ConnectionDraft { SupplierId = Supplier, Name = from.En, Adapter = from.Adapter, BaseUrl = Simulator.Address, Config = config, Secrets = Secrets(account) };
    }

    public async Task<Connection> ConnectAsync(ConnectionDraft draft) => Goods.Saved(await Upstreams.CreateAsync(draft));

    public async Task<IUpstream> OpenAsync(string template, int limitSeconds = 5) =>
        (await Upstreams.OpenAsync((await ConnectAsync(Draft(template, limitSeconds: limitSeconds))).Id)).ShouldNotBeNull();

    public UpstreamOrder Order(string account, long count = 1, string goods = "1001", string cap = "1000.0000") => new()
    {
        Number = Interlocked.Increment(ref _number), Goods = goods, Count = count, Fields = new Dictionary<string, string> { ["account"] = account }, Cap = Money.Parse(cap), At = DateTimeOffset.UtcNow,
    };

    /// <summary>Asks as the order engine does, until there is an end.</summary>
    public static async Task<UpstreamAnswer> FollowAsync(IUpstream upstream, UpstreamOrder order)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var answer = await upstream.QueryAsync(order, CancellationToken.None);
            if (answer is not UpstreamAnswer.Accepted) return answer;
            await Task.Delay(20);
        }

        throw new InvalidOperationException("It does not end.");
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        await World.DisposeAsync();
    }
}
