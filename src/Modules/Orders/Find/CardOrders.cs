using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Find;

/// <summary>Which orders cards went to.</summary>
internal static class CardOrders
{
    private sealed record Range
    {
        public OrderId Id { get; init; }
        public long Seq { get; init; }
        public long Count { get; init; }
    }

    /// <summary>The order that holds or got the card; of several in turn, those that gave it back are none.</summary>
    /// <remarks>The conditions are those of the indexes on ranges: the range that begins last before the card is the only one that can hold it.</remarks>
    public static async Task<OrderId?> FindAsync(Session session, LotId lot, long seq)
    {
        foreach (var sql in new[]
        {
            "select id, from_seq as seq, quantity as count from orders where lot_id = @lot and lot_id > 0 and part_state <> 3 and from_seq <= @seq order by from_seq desc limit 1",
            "select order_id as id, from_seq as seq, count from order_part where lot_id = @lot and lot_id > 0 and live = 1 and from_seq <= @seq order by from_seq desc limit 1",
        })
            if (await session.FirstAsync<Range>(sql, new { lot, seq }) is { } range && seq < range.Seq + range.Count) return range.Id;
        return null;
    }
}
