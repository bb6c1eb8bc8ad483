using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>Somebody who ordered in a merchant's shops, as the contact that was left there.</summary>
/// <param name="First">The first order, which also names the customer in addresses.</param>
/// <param name="Orders">Those that were paid, of the newest <see cref="Customers.CountMax"/> with this contact.</param>
/// <param name="IsMore">There are older ones that were not looked at.</param>
public sealed record Customer(
    OrderId First, OrderId Last, DateTimeOffset FirstAt, DateTimeOffset LastAt, Contact Contact, byte[] ContactKey, long Orders, Money Amount, Money Refunded, bool IsMore);

/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record CustomerList(IReadOnlyList<Customer> Customers, OrderId? Next);

/// <summary>A merchant's customers, by who ordered last, in a time that does not depend on how many orders there are.</summary>
/// <remarks>Held by: tests/Integration/Orders/CustomerTests.cs.</remarks>
public sealed class Customers(Database database)
{
    /// <summary>How many orders of a contact are counted.</summary>
    public const int CountMax = 1_000;

    private const string Select =
        """
        select c.first_order, c.last_order, c.contact_key, x.contact, f.created_at as first_at, l.created_at as last_at
        from customer c join order_contact x on x.order_id = c.last_order join orders f on f.id = c.first_order join orders l on l.id = c.last_order
        """;

    private sealed record Row
    {
        public OrderId FirstOrder { get; init; }
        public OrderId LastOrder { get; init; }
        public byte[] ContactKey { get; init; } = [];
        public string Contact { get; init; } = "";
        public DateTimeOffset FirstAt { get; init; }
        public DateTimeOffset LastAt { get; init; }
    }

    private sealed record Sum
    {
        public long Seen { get; init; }
        public long Orders { get; init; }
        public Money Amount { get; init; }
        public Money Refunded { get; init; }
    }

    /// <param name="before">The last order of the last customer of the page before.</param>
    public Task<CustomerList> ListAsync(MerchantId merchant, OrderId? before = null, int limit = 50, CancellationToken cancel = default) => database.ReadAsync(async s =>
    {
        var take = Math.Clamp(limit, 1, 200);
        var rows = await s.QueryAsync<Row>($"{Select} where c.merchant_id = @merchant and c.last_order < @Before order by c.last_order desc limit @Take",
            new { merchant, Before = before?.Value ?? long.MaxValue, Take = take + 1L });
        var customers = new List<Customer>(take);
        foreach (var row in rows.Take(take)) customers.Add(await CountAsync(s, merchant, row));
        return new CustomerList(customers, rows.Count > take ? customers[^1].Last : null);
    }, cancel);

    /// <summary>By the whole contact (keyed hash, <see cref="OrderDesk.ContactScope"/>); null when it never ordered from this merchant.</summary>
    public Task<Customer?> FindAsync(MerchantId merchant, byte[] contactKey, CancellationToken cancel = default) =>
        FindAsync(merchant, "c.contact_key = @contactKey", new { merchant, contactKey }, cancel);

    /// <summary>By the first order; another merchant's is as if it did not exist.</summary>
    public Task<Customer?> FindAsync(MerchantId merchant, OrderId first, CancellationToken cancel = default) =>
        FindAsync(merchant, "c.first_order = @first", new { merchant, first }, cancel);

    private Task<Customer?> FindAsync(MerchantId merchant, string condition, object args, CancellationToken cancel) => database.ReadAsync(async s =>
        await s.FirstAsync<Row>($"{Select} where c.merchant_id = @merchant and {condition}", args) is { } row ? await CountAsync(s, merchant, row) : null, cancel);

    private static async Task<Customer> CountAsync(Session s, MerchantId merchant, Row row)
    {
        // Bounded before it is joined: one contact may stand on any number of orders.
        var sum = (await s.FirstAsync<Sum>(
            $"""
            select count(*) as seen, cast(coalesce(sum(case when o.paid_at is null then 0 else 1 end), 0) as bigint) as orders,
                   cast(coalesce(sum(case when o.paid_at is null then 0 else o.total end), 0) as bigint) as amount,
                   cast(coalesce(sum(case when o.paid_at is null then 0 else o.refunded end), 0) as bigint) as refunded
            from (select order_id from order_contact where contact_key = @ContactKey order by order_id desc limit {CountMax}) as c
            left join orders o on o.id = c.order_id and o.merchant_id = @merchant
            """, new { merchant, row.ContactKey }))!;
        return new Customer(row.FirstOrder, row.LastOrder, row.FirstAt, row.LastAt, new Contact(row.Contact), row.ContactKey, sum.Orders, sum.Amount, sum.Refunded, sum.Seen == CountMax);
    }
}
