using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;

namespace Lianka.Host.Scenarios;

/// <summary>The demo's connections to suppliers' systems, which the simulator plays.</summary>
internal sealed class DemoConnections(Catalog catalog, Upstreams upstreams)
{
    /// <summary>Where the simulator listens when nobody says otherwise; a demo that is seeded without a node gets this.</summary>
    public static readonly Uri UsualAddress = new("http://127.0.0.1:5090");

    /// <returns>The connections by name.</returns>
    public async Task<Dictionary<string, long>> SeedAsync(
        ScenarioFile file, IReadOnlyDictionary<string, SupplierId> parties, CancellationToken cancel)
    {
        var made = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in file.Connections)
            made[part.Name] = (await FindAsync(part, parties[part.Supplier], cancel))?.Id ?? Saved(part.Name, await upstreams.CreateAsync(new ConnectionDraft
            {
                SupplierId = parties[part.Supplier], Name = part.Name, Adapter = UpstreamAdapters.Http, BaseUrl = Plain(UsualAddress),
                Config = Upstreams.Templates.Single(t => t.Name == part.Template).Config, Secrets = part.Secrets,
            }, cancel)).Id;
        return made;
    }

    /// <summary>Where the demo's suppliers answered last.</summary>
    public async Task<Uri> AddressAsync(ScenarioFile file, CancellationToken cancel)
    {
        foreach (var part in file.Connections)
            if (await OwnAsync(part, cancel) is { } own) return new Uri(own.BaseUrl);
        return UsualAddress;
    }

    /// <summary>Points the demo's connections to where its suppliers answer now. One that somebody has pointed to another machine stays.</summary>
    public async Task PointAsync(ScenarioFile file, Uri address, CancellationToken cancel)
    {
        foreach (var part in file.Connections)
            if (await OwnAsync(part, cancel) is { } own && own.BaseUrl != Plain(address))
                Saved(part.Name, await upstreams.UpdateAsync(own.Id, new ConnectionDraft
                {
                    Name = own.Name, Adapter = own.Adapter, BaseUrl = Plain(address), Config = own.Config, State = own.State,
                }, cancel));
    }

    private async Task<Connection?> OwnAsync(ConnectionPart part, CancellationToken cancel) =>
        await catalog.FindSupplierAsync(part.Supplier, cancel) is { } supplier && await FindAsync(part, supplier.Id, cancel) is { } known
            && new Uri(known.BaseUrl).IsLoopback ? known : null;

    private async Task<Connection?> FindAsync(ConnectionPart part, SupplierId supplier, CancellationToken cancel) =>
        (await upstreams.ListAsync(supplier, cancel)).Find(c => c.Name == part.Name);

    private static string Plain(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static Connection Saved(string what, CatalogDecision<Connection> decision) => decision switch
    {
        CatalogDecision<Connection>.Saved saved => saved.Value,
        CatalogDecision<Connection>.Refused refused => throw new DemoRefusedException(what, refused.Errors),
        _ => throw new DemoRefusedException(what, []),
    };
}
