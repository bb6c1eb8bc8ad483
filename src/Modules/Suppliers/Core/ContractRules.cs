using Lianka.Kernel;
using Lianka.Modules.Catalog;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>What a version of a contract must look like, and which one is in force.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/ContractExamples.cs.</remarks>
internal static class ContractRules
{
    public const long CommissionBpsMax = 5_000;
    public const long HoldSecondsMax = 365L * 24 * 60 * 60;
    public const int ProductsMax = 100;

    /// <param name="today">The first moment of the day in Beijing. A version begins then at the earliest: nothing that was sold changes.</param>
    /// <param name="last">From when the newest accepted version is; a later one does not begin before it.</param>
    public static (Contract Value, IReadOnlyList<FieldError> Errors) Check(
        ContractDraft draft, IReadOnlyList<ProductId> products, DateTimeOffset today, DateTimeOffset? last)
    {
        var check = new FieldCheck();
        if (draft.From < today) check.Add("from", "past", "It begins today at the earliest.", "最早从今天起。");
        else if (draft.From < last) check.Add("from", "before_last", "The version before begins later than this one.", "上一版的生效日比这更晚。");
        var regions = check.Text("regions", draft.Regions, 400, lines: false).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (products.Count > ProductsMax)
            check.Add("products", "too_many", $"At most {ProductsMax} products.", $"最多 {ProductsMax} 个商品。");
        return (new Contract
        {
            From = draft.From,
            CommissionBps = check.Number("commission_bps", draft.CommissionBps, 0, CommissionBpsMax),
            HoldSeconds = check.Number("hold_seconds", draft.HoldSeconds, 0, HoldSecondsMax),
            Regions = string.Join(',', regions.Distinct()),
            Products = string.Join(',', products.Distinct().Order()),
            Note = check.Text("note", draft.Note, 1_000, lines: true),
        }, check.Errors);
    }

    /// <summary>Of one supplier's versions the one that holds at a moment: the last to begin, and of two that begin together the later made.</summary>
    public static Contract? InForce(IEnumerable<Contract> contracts, DateTimeOffset now) => contracts
        .Where(c => c.State == ContractState.Accepted && c.From <= now).MaxBy(c => (c.From, c.Id));

    /// <summary>Who supplies which goods alone. Of two who were both promised it, who agreed first.</summary>
    public static IReadOnlyList<ExclusiveProduct> Exclusives(IEnumerable<Contract> inForce) =>
    [
        .. inForce.OrderBy(c => c.Id).SelectMany(c => c.ProductIds.Select(p => new ExclusiveProduct { ProductId = p, SupplierId = c.SupplierId })).DistinctBy(e => e.ProductId),
    ];
}
