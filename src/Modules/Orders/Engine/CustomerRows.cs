using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Who ordered from whom, written in the transaction that opens the order.</summary>
internal static class CustomerRows
{
    /// <param name="contacts">Of orders that are saved already. One engine at a time saves, so no other one waits for these rows.</param>
    public static Task SaveAsync(Session session, IReadOnlyCollection<NewContact> contacts) => contacts.Count == 0 ? Task.CompletedTask : session.ExecuteAsync(
        $"""
        insert into customer (merchant_id, contact_key, first_order, last_order)
        select o.merchant_id, c.contact_key, min(o.id), max(o.id) from order_contact c join orders o on o.id = c.order_id
        where {session.AnyOf("c.order_id", "@ids")} group by o.merchant_id, c.contact_key
        on conflict (merchant_id, contact_key) do update set
            first_order = case when excluded.first_order < customer.first_order then excluded.first_order else customer.first_order end,
            last_order = case when excluded.last_order > customer.last_order then excluded.last_order else customer.last_order end
        """, new { ids = session.List(contacts.Select(c => c.Order.Value)) });
}
