using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>The front door of the suppliers: the party in the catalog together with its accounts in the ledger.</summary>
public sealed class Suppliers(Database database, IdSource ids, Catalog.Catalog catalog, Ledger.Ledger ledger)
{
    private static readonly string[] _accounts = [AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable];

    /// <summary>Makes a supplier with its payable, deposit and receivable accounts, in one transaction.</summary>
    public async Task<CatalogDecision<Supplier>> OnboardAsync(SupplierDraft draft, CancellationToken cancel = default)
    {
        var id = await ids.NextAsync<OfSupplier>();
        try
        {
            return await RunAsync(id, draft, cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            // Another took the slug between our look and our write; now it is there to be seen.
            return await RunAsync(id, draft, cancel);
        }
    }

    private Task<CatalogDecision<Supplier>> RunAsync(SupplierId id, SupplierDraft draft, CancellationToken cancel) =>
        database.WriteAsync(s => OnboardAsync(s, id, draft), cancel);

    internal async Task<CatalogDecision<Supplier>> OnboardAsync(Session s, SupplierId id, SupplierDraft draft)
    {
        // A refusal comes before anything is written, so committing it leaves no trace.
        var decision = await catalog.CreateSupplierAsync(s, id, draft);
        if (decision is not CatalogDecision<Supplier>.Saved) return decision;
        foreach (var kind in _accounts) await ledger.OpenAsync(s, kind, id.Value);
        return decision;
    }
}
