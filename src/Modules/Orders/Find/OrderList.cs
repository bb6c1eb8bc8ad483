using Lianka.Kernel;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Find;

/// <summary>A page of orders, newest first, in a time that does not depend on how many there are.</summary>
/// <remarks>
/// Every list walks down an index by id: of all orders, of a merchant's, of a buyer's, of those in a rare state. What no
/// index knows is looked at on the way, in at most <see cref="LookMax"/> orders; a page that is not full by then ends there
/// and says where to go on.
/// </remarks>
internal static class OrderList
{
    public const int LookMax = 5_000;

    /// <summary>Most pages are full soon; the others pay for the second look.</summary>
    private static readonly int[] _looks = [500, 4_500];

    private const int LimitMax = 200;

    /// <summary>How many orders of one contact are looked at for a page.</summary>
    private const int ContactMax = 1_000;

    private sealed record Mark(long Id, long CreatedAt);

    public static async Task<OrderPage> ReadAsync(Session session, OrderFilter filter)
    {
        var limit = Math.Clamp(filter.Limit, 1, LimitMax);
        var walk = OrderWalk.Of(filter);
        var below = filter.Before?.Value ?? long.MaxValue;
        if (filter.Text?.Trim() is { Length: > 0 } text) return await NamedAsync(session, filter, text, walk, below, limit);
        var found = new List<Order>(limit + 1);
        if (!walk.IsLoose)
        {
            await AddAsync(session, walk, below, 0, limit, found);
            return Page(found, limit, null);
        }

        foreach (var look in _looks)
        {
            var mark = await MarkAsync(session, walk, below, look);
            await AddAsync(session, walk, below, mark?.Id ?? 0, limit, found);
            if (found.Count > limit || mark is null) return Page(found, limit, null);
            // Everything further down is older than what is asked for.
            if (mark.CreatedAt < filter.From?.ToMicros() - MomentSearch.Slack) return Page(found, limit, null);
            below = mark.Id;
            if (filter.To?.ToMicros() + MomentSearch.Slack is { } end && mark.CreatedAt > end)
                (_, below) = await MomentSearch.FindAsync(session, "orders", "created_at", end, below);
        }

        return Page(found, limit, new OrderId(below));
    }

    // One more than asked for tells whether there is a next page.
    private static OrderPage Page(List<Order> found, int limit, OrderId? next) => found.Count <= limit
        ? new OrderPage(found, next)
        : new OrderPage(found[..limit], found[limit - 1].Id);

    private static async Task AddAsync(Session session, OrderWalk walk, long below, long from, int limit, List<Order> found) =>
        found.AddRange(await OrderRow.ReadAsync(session,
            $"from orders o where o.id in ({walk.Newest(limit + 1 - found.Count, $"{walk.Loose} and o.id < @below and o.id >= @from")}) order by o.id desc",
            [.. walk.Args, ("@below", below), ("@from", from)]));

    /// <summary>The last order of a look; null when the walk ends before.</summary>
    private static async Task<Mark?> MarkAsync(Session session, OrderWalk walk, long below, int look)
    {
        await using var command = session.Command(
            $"""
            select id, created_at from orders where id =
                (select id from ({walk.Newest(look, " and o.id < @below")}) as looked_at order by id desc limit 1 offset {look - 1})
            """);
        OrderRow.Add(command, "@below", below);
        foreach (var (name, value) in walk.IndexArgs) OrderRow.Add(command, name, value);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? new Mark(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>The orders that a text names: by their number, by the caller's own, or by the buyer's contact.</summary>
    private static async Task<OrderPage> NamedAsync(Session session, OrderFilter filter, string text, OrderWalk walk, long below, int limit)
    {
        var ids = new List<long>();
        var contacts = new List<long>();
        if (OrderId.TryParse(text, out var number)) ids.Add(number.Value);
        else
        {
            if (filter.ContactKey is { } key) contacts = await ByContactAsync(session, filter.Merchant, key, below);
            // To ask all merchants takes its time: not for a contact that was found.
            if (contacts.Count == 0 || filter.Merchant is not null) ids.AddRange(await ByClientKeyAsync(session, filter.Merchant, text));
        }

        // Another number that happens to be named belongs to the page on which it falls.
        var end = contacts.Count == ContactMax ? contacts[^1] : 0;
        var named = ids.Where(i => i >= end).Concat(contacts).Distinct().ToList();
        if (named.Count == 0) return new OrderPage([], null);
        var found = await OrderRow.ReadAsync(session,
            $"from orders o where {session.AnyOf("o.id", "@ids")}{walk.All} and o.id < @below order by o.id desc limit {limit + 1}",
            [.. walk.Args, ("@ids", session.List(named)), ("@below", below)]);
        return Page(found, limit, end == 0 ? null : new OrderId(end));
    }

    private static Task<List<long>> ByClientKeyAsync(Session session, MerchantId? merchant, string key) => merchant is { } own
        ? session.QueryAsync<long>("select id from orders where merchant_id = @own and client_key = @key", new { own, key })
        // The number is a merchant's own, and so is the index: each merchant is asked, however many orders there are.
        : session.QueryAsync<long>(
            """
            select id from (select (select o.id from orders o where o.merchant_id = m.id and o.client_key = @key) as id from merchant m) as each_one
            where id is not null
            """, new { key });

    private static Task<List<long>> ByContactAsync(Session session, MerchantId? merchant, byte[] contactKey, long below) => session.QueryAsync<long>(
        $"""
        select c.order_id from order_contact c {(merchant is null ? "" : "join orders o on o.id = c.order_id and o.merchant_id = @merchant")}
        where c.contact_key = @contactKey and c.order_id < @below order by c.order_id desc limit {ContactMax}
        """, new { contactKey, below, merchant = merchant?.Value ?? 0 });
}
