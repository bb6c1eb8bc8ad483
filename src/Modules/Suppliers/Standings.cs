using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>How a supplier stands: what is off and why, its deposit, its certificates, its grade, what it was told.</summary>
/// <param name="Unpermitted">Brands of what it would sell, and has no valid authorisation for.</param>
/// <param name="Closed">Goods that it would sell, and another supplies alone by contract.</param>
/// <param name="Brands">By id, for the names of certificates.</param>
/// <param name="Grade">Of the last day; null: too little to judge by.</param>
/// <param name="Appeal">The last one; null: none yet.</param>
public sealed record Standing(
    Cover Cover, long TurnoverBps, IReadOnlyList<SupplierStop> Stops, IReadOnlyList<Brand> Unpermitted, IReadOnlyList<Product> Closed,
    IReadOnlyList<Certificate> Certificates, IReadOnlyDictionary<long, Brand> Brands, SupplierGrade? Grade, Appeal? Appeal, IReadOnlyList<Notice> Notices)
{
    public bool IsSuspended => Stops.Any(t => t.Reason == StopReasons.Grade);
}

/// <summary>The one answer to "how do I stand", for the pages and the programs of suppliers and for the operator.</summary>
/// <remarks>Held by: tests/Integration/OpenApi/SupplierReadApiTests.cs.</remarks>
public sealed class Standings(Deposits deposits, Certificates certificates, Selling selling, Grades grades, Database database)
{
    /// <returns>Null when there is no such supplier.</returns>
    public async Task<Standing?> FindAsync(SupplierId supplier, CancellationToken cancel = default)
    {
        if (await deposits.FindAsync(supplier, cancel) is not { } cover) return null;
        var (stops, unpermitted, closed, told) = await database.ReadAsync(async s => (
            await Selling.StopsAsync(s, supplier), await Selling.UnpermittedAsync(s, supplier), await Terms.ClosedAsync(s, supplier), await Notices.OfAsync(s, supplier)), cancel);
        return new Standing(
            cover, await deposits.ShareAsync(cancel), stops, unpermitted, closed, await certificates.ListAsync(CertificateOwner.Of(supplier), cancel),
            (await selling.ListBrandsAsync(cancel)).ToDictionary(b => b.Id), (await grades.LatestAsync(cancel)).Find(g => g.SupplierId == supplier),
            (await grades.AppealsAsync(supplier, cancel)).MaxBy(a => a.Id), told);
    }
}
