using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;

namespace Lianka.Host.Scenarios;

/// <summary>The demo's log-ins: one operator, and one person for each supplier and merchant, named by its slug.</summary>
internal sealed class DemoPeople(People people, Catalog catalog, Merchants merchants)
{
    public const string Operator = "operator";

    public async Task SeedAsync(ScenarioFile file, DemoPasswords passwords, CancellationToken cancel)
    {
        await people.CreateAsync(Operator, passwords.Of(Operator), Roles.Operator, 0, "平台");
        foreach (var part in file.Suppliers)
            await people.CreateAsync(part.Slug, passwords.Of(part.Slug), Roles.Supplier, (await catalog.FindSupplierAsync(part.Slug, cancel))!.Id.Value, part.NameZh);
        // A log-in that is there already is left as it is, so a second run changes nobody's password.
        foreach (var part in file.Merchants)
            await people.CreateAsync(part.Slug, passwords.Of(part.Slug), Roles.Merchant, (await merchants.FindAsync(part.Slug, cancel))!.Id.Value, part.NameZh);
    }
}
