using System.Diagnostics.Metrics;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Lianka.Host.Web;
using Lianka.Modules.Consoles;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Modules.OpenApi;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;
using Microsoft.AspNetCore.HttpOverrides;
using OpenTelemetry.Trace;

namespace Lianka.Host;

/// <summary>The web application of one platform, put together the same way for <c>serve</c> and for the tests.</summary>
public static class AppBuilder
{
    /// <summary>Bodies above this are refused unless a route says otherwise (the import of cards does).</summary>
    private const long BodyBytesMax = 1024 * 1024;

    /// <param name="adjust">Last word on services and logging, for tests.</param>
    public static WebApplication Build(
        Settings settings, Database database, CardVault vault, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Named, because under a test runner the entry assembly is another one.
            ApplicationName = typeof(AppBuilder).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        // What was received is handled where it was received: a hand-over to another thread costs as much as reading it.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        AddLogging(builder);
        AddServices(builder.Services, settings, database, vault);
        adjust?.Invoke(builder);
        builder.Services.AddTraceExport(builder.Configuration);

        var app = builder.Build();
        // Made now, so that it hears from the first request on.
        app.Services.GetRequiredService<Metrics>();
        app.Services.GetService<TracerProvider>();
        var desk = app.Services.GetRequiredService<OrderDesk>();
        app.Services.GetRequiredService<IMeterFactory>().Create("Lianka.Host")
            .CreateObservableGauge("lianka_order_queue", () => desk.QueueLength, description: "Commands that wait for the engine");
        UseEdge(app, settings);
        MapRoutes(app);
        return app;
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        // The framework's own request log would write query strings; RequestLog writes what may be kept.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        // While it may write anything it makes a span and a scope for every request. A start that fails is told by the program itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            json.IncludeScopes = false;
        });
    }

    private static void AddServices(IServiceCollection services, Settings settings, Database database, CardVault vault)
    {
        services.AddLianka(settings, database, vault);
        services.AddSingleton<Readiness>();
        services.AddSingleton<Metrics>();
        services.AddResponseCompression(compression =>
            // Only text. Over HTTPS it stays off (the default), because compressed pages can leak their tokens by size.
            compression.MimeTypes = ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain"]);
        // Chinese as Chinese, not as entities.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddHttpContextAccessor();
        services.AddAntiforgery(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        // Each page stands in the folder of its module and names its own address: @page "/…".
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/";
            pages.Conventions.AddFolderApplicationModelConvention("/", page => page.Filters.Add(new FormTaken()));
        }).AddApplicationPart(typeof(VaultKeys).Assembly);
        services.AddConsolePages();
    }

    /// <summary>What every request passes, outermost first.</summary>
    private static void UseEdge(WebApplication app, Settings settings)
    {
        var hasPrefix = settings.PathPrefix.Length > 0;
        if (hasPrefix) app.UsePathPrefix(settings.PathPrefix);
        app.UseRequestIds();
        app.UseRequestTrace();
        app.UseOverloadGate();
        if (settings.BehindProxy)
            // The defaults of the options trust loopback only, and one hop.
            app.UseForwardedHeaders(new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            });
        // Programs call thousands of times a second: they pass only what concerns them.
        app.MapWhen(OpenApiModule.IsApi, static api =>
        {
            api.UseRequestLog();
            api.UseReadyGate();
            api.UseNativeApi();
        });
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UseReadyGate();
        app.UseResponseCompression();
        if (hasPrefix) app.UsePrefixedPages();
        app.UseErrorPages();
        app.UseStorefrontDomains();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl =
                // The console application's files change their names with their contents.
                file.Context.Request.Query.ContainsKey("v") || file.Context.Request.Path.StartsWithSegments("/assets/app/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache",
        });
        app.UseRouting();
        app.UseRequestLanguage();
        app.UseSharedPages();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void MapRoutes(WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapFrontPage();
        app.MapRazorPages();
        // One line a module with routes of its own: Map<Module>().
        app.MapConsoles();
        app.MapPayments();
        app.MapOrders();
        app.MapStorefronts();
        app.MapApiDocument();
    }
}
