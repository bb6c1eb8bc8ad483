using Lianka.Modules.Inventory;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Inventory;

public sealed class OwnSupplyTests
{
    /// <summary>The page asks whether there is one by another road than it asks for the reasons of each: both say the same.</summary>
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_supplier_is_told_that_something_of_it_is_stopped_when_a_reason_stands_at_one_that_would_sell(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (goods, other) = (await Goods.CreateAsync(world), await Goods.CreateAsync(world, "b"));
        var (own, s, p, o) = (world.Get<OwnSupplies>(), goods.Supplier.Id.Value, goods.Product.Id.Value, other.Supplier.Id.Value);
        await LooksAsync(false);

        await LooksAsync(true, $"insert into supplier_stop (supplier_id, reason, since) values ({s}, 'deposit', 1)");
        await LooksAsync(false, $"update supplier_stop set supplier_id = {o}");
        await LooksAsync(true, $"update supplier set state = 'suspended' where id = {s}");
        await LooksAsync(false, $"update supply set state = 'off' where supplier_id = {s}");
        await LooksAsync(true, "update supply set state = 'active'");
        await LooksAsync(false, $"update supply set paused = 1 where supplier_id = {s}");
        await LooksAsync(true, $"update supply set paused = 0 where supplier_id = {s}");
        await LooksAsync(false, $"update supplier set state = 'active' where id = {s}");

        await LooksAsync(true, $"insert into brand (id, slug, name_zh, name_en) values (7, 'b', 'b', 'b'); update product set brand_id = 7 where id = {p}");
        await LooksAsync(true, $"insert into brand_permit (supplier_id, brand_id) values ({o}, 7)");
        await LooksAsync(false, $"update supply set cost = null where supplier_id = {s}");
        await LooksAsync(true, $"update supply set cost = 1 where supplier_id = {s}");
        await LooksAsync(false, $"insert into brand_permit (supplier_id, brand_id) values ({s}, 7)");

        await LooksAsync(true, $"insert into exclusive_product (product_id, supplier_id) values ({p}, {o})");
        await LooksAsync(false, $"update exclusive_product set supplier_id = {s}");

        async Task LooksAsync(bool isStopped, string? after = null)
        {
            if (after is not null) await world.Database.WriteAsync(session => session.ExecuteAsync(after));
            (await own.IsAnyStoppedAsync(goods.Supplier.Id)).ShouldBe(isStopped, after);
            var whys = (await own.ListAsync(goods.Supplier.Id)).Single().Why;
            (!whys.Any(w => w is SupplyReasons.Off or SupplyReasons.Paused or SupplyReasons.NoCost) && whys.Any(w => w != SupplyReasons.OutOfStock)).ShouldBe(isStopped, after);
        }
    }
}
