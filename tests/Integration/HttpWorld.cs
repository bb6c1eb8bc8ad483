using System.Net.Sockets;
using Lianka.Host;
using Lianka.Host.Web;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Tests.Integration;

/// <summary>A whole node on a free loopback port, on a fresh database: the same composition as <c>serve</c>.</summary>
public sealed class HttpWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<HttpClient> _clients = [];
    private bool _isSecond;

    public DatabaseKind Kind { get; }
    public Settings Settings { get; }
    public Database Database { get; }
    public CardVault Vault { get; }

    /// <summary>For example <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Without cookies, following no redirect.</summary>
    public HttpClient Client { get; }

    private HttpWorld(DatabaseKind kind, Settings settings, Database database, CardVault vault, WebApplication app)
    {
        (Kind, Settings, Database, Vault, _app) = (kind, settings, database, vault, app);
        Address = new Uri(app.Urls.First());
        Client = NewClient(cookies: false);
    }

    /// <param name="replace">Other services in place of the real ones (a clock, say); registered last, so they win.</param>
    /// <param name="way">Another way to the database than straight.</param>
    /// <param name="configuration">What stands in environment variables otherwise.</param>
    /// <param name="prefix">LIANKA_PATH_PREFIX.</param>
    /// <param name="isBehindProxy">LIANKA_BEHIND_PROXY.</param>
    /// <param name="prepare">Given the straight way to the new database before the node comes to it.</param>
    public static async Task<HttpWorld> CreateAsync(DatabaseKind kind, Action<IServiceCollection>? replace = null, Func<string, string>? way = null,
        Dictionary<string, string?>? configuration = null, Func<string, Task>? prepare = null, string prefix = "", bool isBehindProxy = false)
    {
        var folder = Directory.CreateTempSubdirectory("lianka-test-").FullName;
        var connection = kind == DatabaseKind.Postgres ? await PrivatePostgres.NewDatabaseAsync() : "sqlite";
        if (prepare is not null) await prepare(connection);
        if (way is not null) connection = way(connection);
        return await StartAsync(kind, new Settings(folder, "http://127.0.0.1:0", connection, "none", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]) { AllowsPrivateCalls = true, PathPrefix = prefix, BehindProxy = isBehindProxy }, replace, configuration);
    }

    /// <summary>Another node on the same database, as beside the first or after a restart; disposed of before the first.</summary>
    public static async Task<HttpWorld> BesideAsync(HttpWorld first, TimeProvider clock)
    {
        var world = await StartAsync(first.Kind, first.Settings, services => services.AddSingleton(clock));
        world._isSecond = true;
        return world;
    }

    private static async Task<HttpWorld> StartAsync(DatabaseKind kind, Settings settings, Action<IServiceCollection>? replace, Dictionary<string, string?>? configuration = null)
    {
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        var app = AppBuilder.Build(settings, database, vault, builder =>
        {
            builder.Logging.ClearProviders();
            replace?.Invoke(builder.Services);
            builder.Configuration.AddInMemoryCollection(configuration ?? []);
        });
        await app.StartAsync();
        app.Services.GetRequiredService<Readiness>().Phase = StartPhase.Ready;
        return new HttpWorld(kind, settings, database, vault, app);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A further client, like a browser of its own.</summary>
    /// <param name="host">A name under which this node is called; null: its address.</param>
    public HttpClient NewClient(bool cookies = true, bool redirects = false, string? host = null)
    {
        var handler = new SocketsHttpHandler { UseCookies = cookies, AllowAutoRedirect = redirects };
        // Whatever name the browser was given, this node is what it leads to.
        if (host is not null)
            handler.ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(Address.Host, Address.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            };
        var client = new HttpClient(handler)
        {
            BaseAddress = host is null ? Address : new Uri($"http://{host}/"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Vault.Dispose();
        await Database.DisposeAsync();
        if (!_isSecond) Directory.Delete(Settings.DataFolder, recursive: true);
    }
}
