using Lianka.Bench.Machine;

namespace Lianka.Bench.Orders;

/// <summary>What an order costs when nearly all stock is sold, against fresh stock: pairs of runs through the engine, without HTTP.</summary>
internal sealed class SoldPart(PostgresServer server, string folder, Func<string, Task> say)
{
    private const long Orders = 100_000;
    private const int Pairs = 3;

    /// <param name="copyAsync">Makes a database with the filled market under a name.</param>
    public async Task RunAsync(Func<string, Task> copyAsync)
    {
        foreach (var name in (string[])["fresh", "sold"])
        {
            await copyAsync(name);
            await Filler.RunAsync(folder, server.ConnectionString(name), 20_000, "warm-"); // Also brings the copy's schema up to date.
        }

        // 99 lots of each SKU are sold out, and of the one that is left 99 of 100 cards: as many are left as in the fresh market.
        // A sale reads no card, so the sold ones need no rows.
        await server.ExecuteAsync("sold",
            """
            insert into lot (id, sku_id, supply_id, supplier_id, total, next, open, created_at)
            select -row_number() over (), sku_id, supply_id, supplier_id, total, total + 1, 0, created_at - n from lot cross join generate_series(1, 99) n
            """);
        await server.ExecuteAsync("sold", "update lot set next = next + 99 * total, total = 100 * total where open = 1");
        await server.ExecuteAsync("sold", "analyze lot");
        var (fresh, sold) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            fresh.Add(await Filler.RunAsync(folder, server.ConnectionString("fresh"), Orders, $"fresh{pair}-"));
            sold.Add(await Filler.RunAsync(folder, server.ConnectionString("sold"), Orders, $"sold{pair}-"));
        }

        var lots = (long)(await server.ExecuteAsync("sold", "select count(*) from lot"))!;
        await say("");
        await say($"Stock 99 % sold ({lots:N0} lots, 99 of 100 sold out, 99 % of the others drawn) against fresh stock, through the engine without HTTP, {Pairs} pairs of {Orders:N0} orders: {Middle(sold):N0} orders/s against {Middle(fresh):N0}, {Middle(sold) / Middle(fresh):P0}.");
        foreach (var name in (string[])["fresh", "sold"]) await server.ExecuteAsync("postgres", $"drop database {name}");
    }

    private static double Middle(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
