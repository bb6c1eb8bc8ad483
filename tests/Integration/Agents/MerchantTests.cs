using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Agents;

public sealed class MerchantTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_merchant_is_made_with_its_accounts(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var made = Trade.Saved(await trade.Merchants.CreateAsync(Trade.Draft("chenxi")));
        (await trade.Merchants.FindAsync(made.Id)).ShouldBe(made);
        (await trade.Merchants.FindAsync("chenxi")).ShouldBe(made);
        var accounts = await world.Database.ReadAsync(s => Statements.BalancesAsync(s, made.Id.Value));
        accounts.Select(a => a.Kind).ShouldBe(
            ["commission_available", "commission_pending", "escrow", "receivable", "wallet"], ignoreOrder: true);
        accounts.ShouldAllBe(a => a.Balance.IsZero);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_refused_merchant_leaves_nothing(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        await trade.MerchantAsync("chenxi");
        var accounts = await CountAsync("account");
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("chenxi"))).ShouldBe("slug:taken");
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("other", level: 4))).ShouldBe("level:not_found");
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("other", parent: new MerchantId(5)))).ShouldBe("parent:not_found");
        Trade.Errors(await trade.Merchants.CreateAsync(new MerchantDraft { Slug = "Ab", Level = "１" }))
            .ShouldBe("slug:bad_slug name_zh:required name_en:required level:not_a_number");
        (await CountAsync("merchant")).ShouldBe(1);
        (await CountAsync("account")).ShouldBe(accounts);

        Task<long> CountAsync(string table) => world.Database.ReadAsync(s => s.ScalarAsync<long>($"select count(*) from {table}"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task No_merchant_gets_more_ancestors_than_the_setting_allows(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var (a, b) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        var a2 = await trade.MerchantAsync("a2", 2, a);
        var a3 = await trade.MerchantAsync("a3", 3, a2);

        // The default is two.
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("a4", 3, a3))).ShouldBe("parent:too_deep");
        (await trade.Merchants.CheckInvitationAsync(a3))!.Code.ShouldBe("too_deep");
        (await trade.Merchants.CheckInvitationAsync(a2)).ShouldBeNull();
        (await trade.Merchants.CheckInvitationAsync(new MerchantId(5)))!.Code.ShouldBe("not_found");

        // A move takes everyone below along.
        Trade.Errors(await trade.Merchants.MoveAsync(a, b)).ShouldBe("parent:too_deep");
        Trade.Errors(await trade.Merchants.MoveAsync(a2, b)).ShouldBe("saved");
        Trade.Errors(await trade.Merchants.MoveAsync(b, a3)).ShouldBe("parent:own_descendant");
        Trade.Errors(await trade.Merchants.MoveAsync(a2, a2)).ShouldBe("parent:own_descendant");
        Trade.Errors(await trade.Merchants.MoveAsync(new MerchantId(5), a)).ShouldBe("missing");
        Trade.Errors(await trade.Merchants.MoveAsync(a2, new MerchantId(5))).ShouldBe("parent:not_found");

        // Three at the very most.
        Trade.Errors(await trade.Merchants.SetAncestorsMaxAsync("4")).ShouldBe("ancestors_max:out_of_range");
        Trade.Saved(await trade.Merchants.SetAncestorsMaxAsync("3")).ShouldBe(3);
        Trade.Errors(await trade.Merchants.MoveAsync(b, a)).ShouldBe("saved");
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("a4", 3, a3))).ShouldBe("parent:too_deep");
        (await trade.TermsAsync(a3))!.Ancestors.Select(s => s.Merchant).ShouldBe([a2, b, a]);

        // A lower setting leaves those who are there.
        Trade.Saved(await trade.Merchants.SetAncestorsMaxAsync("0"));
        (await trade.Merchants.AncestorsMaxAsync()).ShouldBe(0);
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("a5", 2, a))).ShouldBe("parent:too_deep");
        Trade.Errors(await trade.Merchants.CreateAsync(Trade.Draft("free"))).ShouldBe("saved");
        (await trade.TermsAsync(a3))!.Ancestors.Count.ShouldBe(3);
        Trade.Errors(await trade.Merchants.MoveAsync(a3, null)).ShouldBe("saved");
        (await trade.Merchants.FindAsync(a3))!.Parent.ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Two_crossing_moves_make_no_ring(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        for (var i = 0; i < 5; i++)
        {
            var (a, b) = (await trade.MerchantAsync($"a{i}"), await trade.MerchantAsync($"b{i}"));
            var both = await Task.WhenAll(trade.Merchants.MoveAsync(a, b), trade.Merchants.MoveAsync(b, a));
            both.Select(Trade.Errors).ShouldBe(["saved", "parent:own_descendant"], ignoreOrder: true);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_merchant_sees_its_own_descendants_only(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        var a2 = await trade.MerchantAsync("a2", 2, a);
        var a3 = await trade.MerchantAsync("a3", 3, a2);
        await trade.MerchantAsync("x2", 2, x);

        // Those of the same parent by age, whoever is below them.
        await trade.MerchantAsync("a4", 2, a);
        (await BelowAsync(a)).ShouldBe([("a2", 1), ("a4", 1), ("a3", 2)]);
        (await BelowAsync(a, limit: 2)).ShouldBe([("a2", 1), ("a4", 1)]);
        (await BelowAsync(a, a2)).ShouldBe([("a4", 1), ("a3", 2)]);
        (await BelowAsync(a, a3)).ShouldBeEmpty();
        (await BelowAsync(a, x)).ShouldBeEmpty();
        (await BelowAsync(a2)).ShouldBe([("a3", 1)]);
        (await trade.Merchants.FindBelowAsync(a, a3))!.Slug.ShouldBe("a3");
        (await trade.Merchants.FindBelowAsync(a, x)).ShouldBeNull();
        (await trade.Merchants.FindBelowAsync(a, a)).ShouldBeNull();
        (await trade.Merchants.FindBelowAsync(a2, a)).ShouldBeNull();

        async Task<List<(string, int)>> BelowAsync(MerchantId of, MerchantId? after = null, int limit = 10) =>
            (await trade.Merchants.BelowAsync(of, after, limit)).ConvertAll(n => (n.Merchant.Slug, n.Depth));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Merchants_are_listed_by_page_filter_and_part_of_a_name(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a-one");
        await trade.MerchantAsync("b-two", 2, a);
        await trade.MerchantAsync("c-100%", 2).ShouldThrowAsync<InvalidOperationException>();
        await trade.MerchantAsync("c-three", 2);

        (await SlugsAsync(new())).ShouldBe("a-one b-two c-three");
        (await SlugsAsync(new(Level: 2))).ShouldBe("b-two c-three");
        (await SlugsAsync(new(Parent: a))).ShouldBe("b-two");
        (await SlugsAsync(new("MERCHANT C"))).ShouldBe("c-three");
        (await SlugsAsync(new("商户 a"))).ShouldBe("a-one");
        (await SlugsAsync(new("%"))).ShouldBe("");
        (await SlugsAsync(new("_"))).ShouldBe("");
        var first = await trade.Merchants.ListAsync(new(Limit: 2));
        (await SlugsAsync(new(After: first.Next))).ShouldBe("c-three");
        (await trade.Merchants.ListAsync(new(After: first.Next, Limit: 2))).Next.ShouldBeNull();

        async Task<string> SlugsAsync(MerchantFilter filter) =>
            string.Join(' ', (await trade.Merchants.ListAsync(filter)).Merchants.Select(m => m.Slug));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_suspended_merchant_is_offered_nothing_and_its_key_says_so(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        var a2 = await trade.MerchantAsync("a2", 2, a);
        var key = Trade.Saved(await world.Get<ApiKeys>().CreateAsync(a, new() { Scopes = [ApiScopes.OrdersRead] })).Line.Key;

        Trade.Saved(await trade.Merchants.SuspendAsync(a)).IsActive.ShouldBeFalse();
        (await trade.UnitAsync(a)).ShouldBe("not offered");
        (await trade.TermsAsync(a2))!.Ancestors.Single().ShouldBe(new AncestorShare(a, Money.Parse("0.5500")));
        world.Get<ApiKeys>().Find(key)!.IsOwnerActive.ShouldBeFalse();
        Trade.Saved(await trade.Merchants.ResumeAsync(a));
        (await trade.UnitAsync(a)).ShouldBe("46.1000");
        world.Get<ApiKeys>().Find(key)!.IsOwnerActive.ShouldBeTrue();
        Trade.Errors(await trade.Merchants.SuspendAsync(new MerchantId(5))).ShouldBe("missing");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_changed_level_changes_the_price_and_a_name_must_be_free(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        Trade.Saved(await trade.Merchants.UpdateAsync(a, Trade.Draft("a-new", 3))).Level.ShouldBe(3);
        (await trade.UnitAsync(a)).ShouldBe("47.3050");
        Trade.Errors(await trade.Merchants.UpdateAsync(a, Trade.Draft("x"))).ShouldBe("slug:taken");
        Trade.Errors(await trade.Merchants.UpdateAsync(x, Trade.Draft("x", 7))).ShouldBe("level:not_found");
        Trade.Errors(await trade.Merchants.UpdateAsync(new MerchantId(5), Trade.Draft("y"))).ShouldBe("missing");
        Trade.Saved(await trade.Merchants.SaveLevelAsync(new LevelDraft { Rank = "1", NameZh = "总代理", NameEn = "Top" }));
        (await trade.Merchants.ListLevelsAsync()).Select(l => l.NameEn).ShouldBe(["Top", "First-level", "Second-level"]);
        Trade.Errors(await trade.Merchants.SaveLevelAsync(new LevelDraft { Rank = "0", NameZh = "", NameEn = "x" }))
            .ShouldBe("rank:out_of_range name_zh:required");
    }
}
