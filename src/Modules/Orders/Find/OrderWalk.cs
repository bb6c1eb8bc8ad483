using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Orders.Find;

/// <summary>The conditions of a list of orders: those that an index walks by, and those that are looked at on the way.</summary>
internal sealed class OrderWalk
{
    private readonly List<string> _index = [], _loose = [];
    private readonly List<(string Name, object Value)> _indexArgs = [], _looseArgs = [];

    /// <summary>The index of a merchant's orders is sorted by their source first: without one, each source is a walk of its own.</summary>
    private bool _isBySource;

    /// <summary>A select of the highest ids that the walks meet, where <paramref name="more"/> holds as well.</summary>
    public string Newest(int count, string more) => string.Create(CultureInfo.InvariantCulture,
        $"select id from ({string.Join(" union all ", Walks.Select((index, i) =>
            $"select id from (select o.id from orders o where {index}{more} order by o.id desc limit {count}) as walk_{i}"))}) as walks order by id desc limit {count}");

    /// <summary>Conditions on <c>orders o</c>, each answered by an index whose last column is the id. What they find does not overlap.</summary>
    private IEnumerable<string> Walks => _isBySource
        ? Enum.GetValues<OrderSource>().Select(s => string.Create(CultureInfo.InvariantCulture, $"{Index} and o.source = {(short)s}"))
        : [Index];

    /// <summary>All conditions, on orders that are found by their ids: the plus keeps SQLite from walking one of these indexes instead.</summary>
    public string All => string.Concat(_index.Concat(_loose).Select(c => $" and +{c}"));
    public string Loose => string.Concat(_loose.Select(c => $" and {c}"));
    private string Index => _index.Count == 0 ? "1 = 1" : string.Join(" and ", _index);
    public IReadOnlyList<(string Name, object Value)> IndexArgs => _indexArgs;
    public IEnumerable<(string Name, object Value)> Args => [.. _indexArgs, .. _looseArgs];
    public bool IsLoose => _loose.Count > 0;

    public static OrderWalk Of(OrderFilter filter)
    {
        var walk = new OrderWalk();
        var isRare = filter.Buyer is null && filter.Status is not (null or OrderStatus.Placed or OrderStatus.Delivered);
        // A buyer has few orders; the merchant is looked at on the way.
        walk.Add(filter.Buyer is not null, "o.buyer_id", "=", filter.Buyer);
        walk.Add(filter.Buyer is null, "o.merchant_id", "=", filter.Merchant?.Value);
        var isByMerchant = filter is { Buyer: null, Merchant: not null } && !isRare;
        walk._isBySource = isByMerchant && filter.Source is null;
        if (isRare)
        {
            // As it stands in the index (0022-order-lists.sql): written otherwise, SQLite does not see that it applies.
            walk._index.Add(string.Create(CultureInfo.InvariantCulture, $"o.status = {(short)filter.Status!} and o.status <> 4 and o.status <> 1"));
        }
        else walk.Add(false, "o.status", "=", (long?)filter.Status);

        walk.Add(false, "o.sku_id", "=", filter.Sku?.Value);
        walk.Add(isByMerchant, "o.source", "=", (long?)filter.Source);
        walk.Add(false, "o.storefront_id", "=", filter.Storefront?.Value);
        walk.Add(false, "o.created_at", ">=", filter.From?.ToMicros());
        walk.Add(false, "o.created_at", "<", filter.To?.ToMicros());
        return walk;
    }

    private void Add(bool isIndexed, string column, string sign, long? value)
    {
        if (value is not { } number) return;
        var name = $"@{column[2..]}{(sign == "<" ? "_end" : "")}";
        (isIndexed ? _index : _loose).Add($"{column} {sign} {name}");
        (isIndexed ? _indexArgs : _looseArgs).Add((name, number));
    }
}
