using System.Diagnostics;
#pragma warning disable CS9113
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>The front door of the suppliers: the party in the catalog together with its accounts in the ledger.</summary>
public sealed class Suppliers(Database database, IdSource ids, Catalog.Catalog catalog, Ledger.Ledger ledger)
{
    /// <summary>Makes a supplier with its payable, deposit and receivable accounts, in one transaction.</summary>
    public Task<CatalogDecision<Supplier>> OnboardAsync(SupplierDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
}
