using System.Diagnostics;
#pragma warning disable CS9113
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>Runs card imports in the background of this node, one at a time, with progress that can be asked for.</summary>
public sealed class ImportDesk(Database database, CardVault vault, IdSource ids, Catalog.Catalog catalog, TimeProvider clock)
{
    /// <summary>The most bytes an upload through the web may have.</summary>
    public const long UploadMax = 64L << 20;

    /// <summary>Reads the upload into memory (never to disk) and queues its import.</summary>
    /// <returns>At once, with the number to ask for; or what is wrong with the request.</returns>
    public Task<ImportStart> StartAsync(ImportRequest request, Stream content, CancellationToken cancel = default) => throw new UnreachableException();

    /// <param name="supplier">The tenant: only its imports are found. Null: the operator.</param>
    public Task<ImportJob?> FindAsync(long id, SupplierId? supplier, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>The newest imports first.</summary>
    public Task<List<ImportJob>> ListAsync(SupplierId? supplier, int limit = 50, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>The rows that were not imported, in file order. The caller has found the import with its tenant.</summary>
    public Task<List<ImportProblem>> ProblemsAsync(long id, long afterRow = 0, int limit = 100, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>All problem rows as CSV, safe to open in a spreadsheet; never contains a secret.</summary>
    public Task WriteProblemsAsync(long id, TextWriter output, bool isChinese, CancellationToken cancel = default) => throw new UnreachableException();
}
