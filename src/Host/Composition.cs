using Lianka.Host.Scenarios;
using Lianka.Modules.Agents;
using Lianka.Modules.Analytics;
using Lianka.Modules.Catalog;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.OpenApi;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Reviews;
using Lianka.Modules.Risk;
using Lianka.Modules.Storefronts;
using Lianka.Modules.Suppliers;
using Lianka.Modules.TopUps;
using Lianka.Modules.Withdrawals;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Host;

/// <summary>Everything one platform is made of, for the server, the command line and the tests alike.</summary>
public static class Composition
{
    /// <summary>Opens the database, brings its schema up to date, opens the vault.</summary>
    public static async Task<(Database Database, CardVault Vault)> OpenAsync(Settings settings, TimeProvider clock)
    {
        var database = OpenDatabase(settings);
        await SchemaOf(database, clock).RunAsync();
        return (database, await VaultKeys.OpenAsync(database, settings, clock));
    }

    /// <summary>The database as it stands, whatever its schema.</summary>
    public static Database OpenDatabase(Settings settings)
    {
        try
        {
            return settings.IsSqlite
                ? Database.OpenSqlite(Path.Combine(settings.DataFolder, "lianka.db"))
                : Database.OpenPostgres(settings.Database);
        }
        catch (ArgumentException fault)
        {
            // The text of the fault names the keyword, never the password.
            throw new SettingException($"LIANKA_DATABASE is not a usable connection string: {fault.Message}");
        }
    }

    public static SchemaRunner SchemaOf(Database database, TimeProvider clock) => new(database, typeof(VaultKeys).Assembly, clock);

    public static IServiceCollection AddLianka(this IServiceCollection services, Settings settings, Database database, CardVault vault)
    {
        services.AddSingleton(settings);
        services.AddSingleton(database);
        services.AddSingleton(vault);
        services.AddSingleton<IdSource>();
        services.AddSingleton<GuardedHttp>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(DemoPasswords.Sealed);
        // One line a module: Add<Module>() in the order of the levels (docs/ARCHITECTURE.md).
        services.AddLedger();
        services.AddCatalog();
        services.AddCompliance();
        services.AddSuppliers();
        services.AddRisk();
        services.AddInventory();
        services.AddAgents();
        services.AddPayments();
        services.AddOrders();
        services.AddTopUps();
        services.AddWithdrawals();
        services.AddFlashSales();
        services.AddReviews();
        services.AddAnalytics();
        services.AddStorefronts();
        services.AddConsoles();
        services.AddNativeApi();
        return services;
    }
}
