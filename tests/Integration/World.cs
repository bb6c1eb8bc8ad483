using Lianka.Host;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Tests.Integration;

/// <summary>A fresh platform on a fresh database, with the real services and no HTTP.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder;

    public DatabaseKind Kind { get; }
    public Settings Settings { get; }
    public Database Database { get; }
    public CardVault Vault { get; }

    /// <summary>For [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))].</summary>
    public static TheoryData<DatabaseKind> Both => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    private World(DatabaseKind kind, Settings settings, Database database, CardVault vault, ServiceProvider services)
    {
        (Kind, Settings, Database, Vault, _services, _folder) = (kind, settings, database, vault, services, settings.DataFolder);
    }

    public static async Task<World> CreateAsync(DatabaseKind kind, Action<IServiceCollection>? replace = null)
    {
        var folder = Directory.CreateTempSubdirectory("lianka-test-").FullName;
        var connection = kind == DatabaseKind.Postgres ? await PrivatePostgres.NewDatabaseAsync() : "sqlite";
        return await OpenAsync(kind, new Settings(
            folder, "http://127.0.0.1:0", connection, "none", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]) { AllowsPrivateCalls = true }, replace);
    }

    /// <summary>A second set of services on the same database: another node, or the same one after a restart.</summary>
    /// <param name="connection">Another way to that database.</param>
    public Task<World> BesideAsync(Action<IServiceCollection>? replace = null, string? connection = null) =>
        OpenAsync(Kind, Settings with { Database = connection ?? Settings.Database }, replace);

    private static async Task<World> OpenAsync(DatabaseKind kind, Settings settings, Action<IServiceCollection>? replace)
    {
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Warning));
        services.AddLianka(settings, database, vault);
        replace?.Invoke(services);
        return new World(kind, settings, database, vault, services.BuildServiceProvider());
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
        // Whoever is last takes the folder with it.
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
