using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>What pricing needs to know of a SKU. Listed means that both the SKU and its product are.</summary>
public sealed record OfferedSku
{
    public required SkuId Id { get; init; }
    public required string Code { get; init; }
    public required ProductId ProductId { get; init; }
    public required string Kind { get; init; }
    public required long QtyMax { get; init; }
    public required Money SuggestedRetail { get; init; }
    public required Money RetailFloor { get; init; }
    public required Money RetailCeiling { get; init; }
    public required IReadOnlyList<AccountField> Fields { get; init; }
    public required bool IsListed { get; init; }
}

/// <summary>What pricing needs to know of a supply. Active means that both the supply and its supplier are,
/// that nothing stops the supplier, that it is permitted to sell the brand, and that no contract says otherwise.</summary>
public sealed record OfferedSupply
{
    public required SupplyId Id { get; init; }
    public required SkuId SkuId { get; init; }
    public required SupplierId SupplierId { get; init; }

    /// <summary>Per unit, less the contract's commission. Null: unknown, and then it is not offered.</summary>
    public required Money? Cost { get; init; }

    /// <summary>As agreed; the grade may make it longer.</summary>
    public required long HoldSeconds { get; init; }

    /// <summary>The supplier's: A to E; null: none.</summary>
    public required string? Grade { get; init; }
    public required long Priority { get; init; }
    public required long? Connection { get; init; }
    public required string UpstreamCode { get; init; }
    public required long Weight { get; init; }
    public required long? DailyCap { get; init; }
    public required IReadOnlyList<string> Regions { get; init; }
    public required long BatchMax { get; init; }
    public required bool IsActive { get; init; }
}

/// <summary>SKUs and their supplies, as the price book keeps them in memory.</summary>
public sealed record Offers(IReadOnlyList<OfferedSku> Skus, IReadOnlyList<OfferedSupply> Supplies)
{
    /// <summary>Reads the catalog in the caller's transaction.</summary>
    public static Task<Offers> LoadAsync(Session session) => LoadAsync(session, null);

    /// <summary>As <see cref="LoadAsync(Session)"/>, of some SKUs. Whatever is read here is watched by a trigger (0087-price-change.sql), so that it is read again when it changes.</summary>
    /// <param name="of">Null: all.</param>
    public static async Task<Offers> LoadAsync(Session session, IReadOnlyCollection<SkuId>? of)
    {
        string Where(string column) => of is null ? "" : $"where {session.AnyOf(column, "@Skus")}";
        var args = new { Skus = session.List((of ?? []).Select(s => s.Value)) };
        var skus = await session.QueryAsync<SkuRow>($"""
            select s.id, s.code, s.product_id, s.kind, s.qty_max, s.suggested_retail, s.retail_floor, s.retail_ceiling, s.fields,
                   case when s.state = 'listed' and p.state = 'listed' then 1 else 0 end as listed
            from sku s join product p on p.id = s.product_id {Where("s.id")}
            """, args);
        var supplies = await session.QueryAsync<SupplyRow>($"""
            select y.id, y.sku_id, y.supplier_id, y.cost, y.hold_seconds, y.priority, y.connection_id, y.upstream_code, y.weight,
                   y.daily_cap, y.regions, r.grade, y.batch_max, k.kind, coalesce(t.commission_bps, 0) as commission_bps, coalesce(t.regions, '') as agreed_regions,
                   case when {OfferedSql.IsActive} then 1 else 0 end as active
            from supply y join supplier r on r.id = y.supplier_id join sku k on k.id = y.sku_id join product p on p.id = k.product_id
            left join supplier_terms t on t.supplier_id = y.supplier_id {Where("y.sku_id")}
            """, args);
        return new(skus.ConvertAll(r => r.ToOffered()), supplies.ConvertAll(r => r.ToOffered()));
    }

    private sealed record SkuRow
    {
        public SkuId Id { get; init; }
        public string Code { get; init; } = "";
        public ProductId ProductId { get; init; }
        public string Kind { get; init; } = "";
        public long QtyMax { get; init; }
        public Money SuggestedRetail { get; init; }
        public Money RetailFloor { get; init; }
        public Money RetailCeiling { get; init; }
        public string Fields { get; init; } = "";
        public long Listed { get; init; }

        public OfferedSku ToOffered() => new()
        {
            Id = Id,
            Code = Code,
            ProductId = ProductId,
            Kind = Kind,
            QtyMax = QtyMax,
            SuggestedRetail = SuggestedRetail,
            RetailFloor = RetailFloor,
            RetailCeiling = RetailCeiling,
            Fields = AccountFields.Parse(Fields).Fields,
            IsListed = Listed == 1,
        };
    }

    private sealed record SupplyRow
    {
        public SupplyId Id { get; init; }
        public SkuId SkuId { get; init; }
        public SupplierId SupplierId { get; init; }
        public Money? Cost { get; init; }
        public long HoldSeconds { get; init; }
        public string? Grade { get; init; }
        public long Priority { get; init; }
        public long? ConnectionId { get; init; }
        public string UpstreamCode { get; init; } = "";
        public long Weight { get; init; }
        public long? DailyCap { get; init; }
        public string Regions { get; init; } = "";
        public long BatchMax { get; init; }
        public string Kind { get; init; } = "";
        public long CommissionBps { get; init; }
        public string AgreedRegions { get; init; } = "";
        public long Active { get; init; }

        // Where an account is matters for goods that are charged to one.
        private IReadOnlyList<string>? Served => Kind == "direct" ? TermsRule.Regions(Regions, AgreedRegions) : [];

        public OfferedSupply ToOffered() => new()
        {
            Id = Id,
            SkuId = SkuId,
            SupplierId = SupplierId,
            Cost = Cost is { } cost ? TermsRule.Owed(cost, CommissionBps, ConnectionId is not null) : null,
            HoldSeconds = HoldSeconds,
            Grade = Grade,
            Priority = Priority,
            Connection = ConnectionId,
            UpstreamCode = UpstreamCode,
            Weight = Weight,
            DailyCap = DailyCap,
            Regions = Served ?? [],
            BatchMax = BatchMax,
            IsActive = Active == 1 && Served is not null,
        };
    }
}
