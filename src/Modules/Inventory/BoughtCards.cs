using System.Buffers.Binary;
using Lianka.Kernel;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Store;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>Cards that a supplier's system delivered for one order, sealed: a lot that is sold out from its first moment.</summary>
public sealed record BoughtLot
{
    public required LotId Id { get; init; }
    public required SkuId Sku { get; init; }
    public required SupplyId Supply { get; init; }
    public required SupplierId Supplier { get; init; }
    internal IReadOnlyList<SealedCard> Cards { get; init; } = [];
    internal List<CardTails.Row> Tails { get; init; } = [];
    public int Count => Cards.Count;
}

/// <summary>Seals cards that were bought for an order, before the engine writes them together with the delivery.</summary>
public sealed class BoughtCards(Database database, CardVault vault, IdSource ids, Catalog.Catalog catalog)
{
    /// <returns>Null when one of the cards stands in stock already, sold or not, or twice among these (F36).</returns>
    public async Task<BoughtLot?> SealAsync(
        SkuId sku, SupplyId supply, SupplierId supplier, IReadOnlyList<(string? Number, string Secret)> cards, CancellationToken cancel = default)
    {
        var goods = await catalog.FindSkuAsync(sku, cancel) ?? throw new InvalidOperationException($"There is no {sku}.");
        var lot = await ids.NextAsync<OfLot>();
        using var bulk = vault.Bulk();
        var @sealed = new List<SealedCard>(cards.Count);
        var prints = new List<UInt128>(cards.Count);
        var tails = new List<CardTails.Row>(cards.Count);
        foreach (var (number, secret) in cards)
        {
            var seq = @sealed.Count + 1;
            CardTails.Add(tails, bulk, seq, number, secret);
            prints.Add(bulk.Fingerprint(CardText.Comparable(number, secret), CardText.Scope(goods.ProductId)));
            var print = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(print, prints[^1]);
            @sealed.Add(new SealedCard(seq, print, vault.Seal(CardText.Join(number, secret), CardText.Context(lot, seq))));
        }

        var known = await database.ReadAsync(s => ImportStore.KnownAsync(s, prints, cancel), cancel);
        return known.Count > 0 || prints.Distinct().Count() < prints.Count
            ? null
            : new BoughtLot { Id = lot, Sku = sku, Supply = supply, Supplier = supplier, Cards = @sealed, Tails = tails };
    }

    /// <summary>Whether a lot consists of just these cards, in whatever order.</summary>
    public async Task<bool> AreOfAsync(LotId lot, SkuId sku, IReadOnlyList<(string? Number, string Secret)> cards, CancellationToken cancel = default)
    {
        var goods = await catalog.FindSkuAsync(sku, cancel) ?? throw new InvalidOperationException($"There is no {sku}.");
        using var bulk = vault.Bulk();
        var told = new HashSet<UInt128>();
        foreach (var (number, secret) in cards)
            if (!told.Add(bulk.Fingerprint(CardText.Comparable(number, secret), CardText.Scope(goods.ProductId)))) return false;
        var there = await database.ReadAsync(s => s.QueryAsync<byte[]>("select fingerprint from card where lot_id = @lot", new { lot }), cancel);
        return told.SetEquals(there.Select(f => BinaryPrimitives.ReadUInt128BigEndian(f)));
    }

    /// <summary>Writes the lot with its cards, all of them drawn. In the transaction that delivers them.</summary>
    internal static async Task SaveAsync(Session session, BoughtLot lot, DateTimeOffset at)
    {
        await session.InsertAsync("card", "lot_id, seq, sealed, fingerprint", lot.Cards, (card, w) =>
        {
            w.Number(lot.Id.Value);
            w.Number(card.Seq);
            w.Bytes(card.Sealed.Span);
            w.Bytes(card.Fingerprint.Span);
        });
        await CardTails.InsertAsync(session, lot.Id, lot.Tails);
        await session.ExecuteAsync(
            """
            insert into lot (id, sku_id, supply_id, supplier_id, next, total, open, state, created_at, note)
            values (@Id, @Sku, @Supply, @Supplier, @Next, @Total, 0, 'active', @at, '')
            """,
            new { lot.Id, lot.Sku, lot.Supply, lot.Supplier, Next = lot.Count + 1L, Total = (long)lot.Count, at });
    }
}
