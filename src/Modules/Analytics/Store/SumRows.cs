using Lianka.Modules.Analytics.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Analytics.Store;

/// <summary>Adds to rows of sums, which begin at nothing.</summary>
internal static class SumRows
{
    public static Task AddAsync(Session session, Dictionary<EarningKey, EarningSums> earnings) => AddAsync(
        session, "earning", ["party_id", "child_id"], ["orders", "units", "turnover", "earned", "released"],
        earnings.OrderBy(e => e.Key.Party).ThenBy(e => e.Key.Child).ToList(), (row, w) =>
        {
            w.Number(row.Key.Party);
            w.Number(row.Key.Child);
            w.Number(row.Value.Orders);
            w.Number(row.Value.Units);
            w.Number(row.Value.Turnover);
            w.Number(row.Value.Earned);
            w.Number(row.Value.Released);
        });

    public static Task AddAsync(Session session, Dictionary<SaleKey, SaleSums> days) => AddAsync(
        session, "day_sale", ["party_id", "day", "child_id"], ["orders", "units", "sold", "refunds", "refunded", "earned"],
        days.OrderBy(d => d.Key.Party).ThenBy(d => d.Key.Day).ThenBy(d => d.Key.Child).ToList(), (row, w) =>
        {
            w.Number(row.Key.Party);
            w.Number(row.Key.Day);
            w.Number(row.Key.Child);
            w.Number(row.Value.Orders);
            w.Number(row.Value.Units);
            w.Number(row.Value.Sold);
            w.Number(row.Value.Refunds);
            w.Number(row.Value.Refunded);
            w.Number(row.Value.Earned);
        });

    public static Task AddAsync(Session session, List<SupplyDay> days) => AddAsync(
        session, "day_supply", ["day", "supplier_id", "supply_id"], ["units", "cost", "succeeded", "failed"],
        days.OrderBy(d => d.Day).ThenBy(d => d.SupplierId).ThenBy(d => d.SupplyId).ToList(), (row, w) =>
        {
            w.Number(row.Day);
            w.Number(row.SupplierId);
            w.Number(row.SupplyId);
            w.Number(row.Units);
            w.Number(row.Cost);
            w.Number(row.Succeeded);
            w.Number(row.Failed);
        });

    public static Task AddAsync(Session session, List<AccountDay> days) => AddAsync(
        session, "day_account", ["account_id", "day", "kind"], ["came", "went"],
        days.OrderBy(d => d.AccountId).ThenBy(d => d.Day).ThenBy(d => d.Kind, StringComparer.Ordinal).ToList(), (row, w) =>
        {
            w.Number(row.AccountId);
            w.Number(row.Day);
            w.Text(row.Kind);
            w.Number(row.Came);
            w.Number(row.Went);
        });

    public static Task AddAsync(Session session, List<ChannelTries> days) => AddAsync(
        session, "day_channel", ["day", "channel_id"], ["tried", "paid"], days.OrderBy(d => d.Number).ThenBy(d => d.ChannelId).ToList(), (row, w) =>
        {
            w.Number(row.Number);
            w.Number(row.ChannelId);
            w.Number(row.Tried);
            w.Number(row.Paid);
        });

    /// <param name="rows">Each key once, in the order of the keys: two transactions that add to the same rows wait for each other and not in a ring.</param>
    private static async Task AddAsync<T>(Session session, string table, string[] keys, string[] sums, List<T> rows, Action<T, IRowWriter> write)
    {
        if (rows.Count == 0) return;
        var columns = string.Join(", ", [.. keys, .. sums]);
        var add = $"on conflict ({string.Join(", ", keys)}) do update set {string.Join(", ", sums.Select(c => $"{c} = {table}.{c} + excluded.{c}"))}";
        if (session.Kind == DatabaseKind.Sqlite)
        {
            var places = string.Join(", ", Enumerable.Range(1, keys.Length + sums.Length).Select(i => $"?{i}"));
            session.ForEach($"insert into {table} ({columns}) values ({places}) {add}", rows, write);
            return;
        }

        await session.ExecuteAsync($"create temporary table added_{table} on commit drop as select {columns} from {table} where false");
        await session.InsertAsync($"added_{table}", columns, rows, write);
        await session.ExecuteAsync($"insert into {table} ({columns}) select {columns} from added_{table} order by {string.Join(", ", keys)} {add}");
    }
}
