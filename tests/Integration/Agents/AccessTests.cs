using System.Text;
using Lianka.Modules.Agents;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lianka.Tests.Integration.Agents;

public sealed class AccessTests
{
    private static readonly ApiKeyDraft _draft = new() { Name = "ERP", Scopes = ApiScopes.All, AllowedIps = "203.0.113.7", CallsPerSecond = "50" };

    private static Access OtherNode(World world) => new(world.Database, world.Vault, TimeProvider.System, NullLogger<Access>.Instance);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_key_lives_from_its_making_to_its_revoking(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var keys = world.Get<ApiKeys>();
        var a = await trade.MerchantAsync("a");
        using var other = OtherNode(world);

        var made = Trade.Saved(await keys.CreateAsync(a, _draft));
        made.Line.Key.ShouldMatch("^lk_live_[a-z2-7]{24}$");
        made.Secret.ShouldMatch("^[a-z2-7]{40}$");
        var found = keys.Find(made.Line.Key)!;
        Encoding.UTF8.GetString(found.Secret.Span).ShouldBe(made.Secret);
        (found.Owner.Merchant, found.IsOwnerActive, found.CallsPerSecond, found.ExpiresAt).ShouldBe((a, true, 50, null));
        found.Scopes.ShouldBe(ApiScopes.All, ignoreOrder: true);
        found.Has(ApiScopes.CardsRead).ShouldBeTrue();
        found.Allows(System.Net.IPAddress.Parse("203.0.113.8")).ShouldBeFalse();
        var line = (await keys.ListAsync(a)).Single();
        line.Scopes.ShouldBe(made.Line.Scopes);
        line.ShouldBe(made.Line with { Scopes = line.Scopes });
        keys.Find("lk_live_aaaaaaaaaaaaaaaaaaaaaaaa").ShouldBeNull();

        // Another node sees it with its next look.
        other.FindKey(made.Line.Key).ShouldBeNull();
        await other.RefreshAsync();
        other.FindKey(made.Line.Key)!.Secret.ToArray().ShouldBe(found.Secret.ToArray());

        Trade.Saved(await keys.RevokeAsync(a, made.Line.Id)).IsRevoked.ShouldBeTrue();
        keys.Find(made.Line.Key).ShouldBeNull();
        await other.RefreshAsync();
        other.FindKey(made.Line.Key).ShouldBeNull();
        (await keys.ListAsync(a)).Single().IsRevoked.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I18_The_database_holds_no_secret_that_can_be_read_or_moved_to_another_key(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var keys = world.Get<ApiKeys>();
        var a = await trade.MerchantAsync("a");
        var (one, two) = (Trade.Saved(await keys.CreateAsync(a, _draft)), Trade.Saved(await keys.CreateAsync(a, _draft)));
        var stored = await world.Database.ReadAsync(s => s.ScalarAsync<byte[]>(
            "select secret_sealed from api_key where id = @Id", new { one.Line.Id }));
        Encoding.UTF8.GetString(stored!).ShouldNotContain(one.Secret);

        // The sealed secret of one key does not open in the other's row: only that key stops working.
        await world.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("update api_key set secret_sealed = @stored where id = @Id", new { stored, two.Line.Id });
            await s.ExecuteAsync("update version set value = value + 1 where name = 'access'");
        });
        await world.Get<Access>().RefreshAsync();
        keys.Find(two.Line.Key).ShouldBeNull();
        keys.Find(one.Line.Key).ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_merchant_cannot_revoke_anothers_key(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var keys = world.Get<ApiKeys>();
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        var made = Trade.Saved(await keys.CreateAsync(a, _draft));
        Trade.Errors(await keys.RevokeAsync(x, made.Line.Id)).ShouldBe("missing");
        keys.Find(made.Line.Key).ShouldNotBeNull();
        (await keys.ListAsync(x)).ShouldBeEmpty();
        Trade.Errors(await keys.RevokeAsync(null, made.Line.Id)).ShouldBe("saved");
        keys.Find(made.Line.Key).ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_key_ends_at_its_moment(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        var trade = await Trade.OpenAsync(world);
        var keys = world.Get<ApiKeys>();
        var a = await trade.MerchantAsync("a");
        Trade.Errors(await keys.CreateAsync(a, _draft with { ExpiresAt = clock.GetUtcNow() })).ShouldBe("expires_at:in_the_past");
        var made = Trade.Saved(await keys.CreateAsync(a, _draft with { ExpiresAt = clock.GetUtcNow().AddHours(1) }));
        keys.Find(made.Line.Key).ShouldNotBeNull();
        clock.Turn(TimeSpan.FromMinutes(61));
        keys.Find(made.Line.Key).ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_key_that_cannot_be_is_refused_with_every_reason(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var keys = world.Get<ApiKeys>();
        var a = await trade.MerchantAsync("a");
        Trade.Errors(await keys.CreateAsync(a, new() { Name = new string('x', 81), AllowedIps = "here", CallsPerSecond = "0" }))
            .ShouldBe("name:too_long scopes:required allowed_ips:bad_address calls_per_second:out_of_range");
        Trade.Errors(await keys.CreateAsync(new MerchantId(5), _draft)).ShouldBe("missing");
        var all = await Task.WhenAll(Enumerable.Range(0, ApiKeys.ActiveMax + 3).Select(_ => keys.CreateAsync(a, _draft)));
        all.Count(d => d is AgentsDecision<NewApiKey>.Saved).ShouldBe(ApiKeys.ActiveMax);
        all.Select(Trade.Errors).Where(e => e != "saved").Distinct().ShouldBe(["name:too_many"]);
        Trade.Saved(await keys.RevokeAsync(a, (await keys.ListAsync(a))[0].Id));
        Trade.Errors(await keys.CreateAsync(a, _draft)).ShouldBe("saved");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_storefront_is_found_by_its_address(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var shops = world.Get<StorefrontBook>();
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        var draft = new StorefrontDraft { Slug = "chenxi", NameZh = "晨曦数卡", NameEn = "Chenxi", NoticeZh = "你好\n欢迎", Brand = "#FFD400" };
        var shop = Trade.Saved(await shops.CreateAsync(a, draft));
        (shop.Brand, shop.Ink, shop.IsOpen).ShouldBe(("#ffd400", "#000000", true));
        shop.Theme.ShouldBe(StorefrontThemes.Calm);
        shops.FindBySlug("chenxi").ShouldBe(shop);
        shops.FindBySlug("other").ShouldBeNull();
        (await shops.FindAsync(a, shop.Id)).ShouldBe(shop);
        (await shops.ListAsync(a)).ShouldBe([shop]);
        (await shops.ListAsync()).ShouldBe([shop]);

        Trade.Errors(await shops.CreateAsync(x, draft)).ShouldBe("slug:taken");
        Trade.Errors(await shops.CreateAsync(new MerchantId(5), draft with { Slug = "b" })).ShouldBe("missing");
        Trade.Errors(await shops.CreateAsync(a, new() { Slug = "A B", NameZh = "x", Brand = "red" })).ShouldBe("brand:bad_colour slug:bad_slug name_en:required");

        // F45: another merchant's storefront is as if it did not exist.
        (await shops.FindAsync(x, shop.Id)).ShouldBeNull();
        Trade.Errors(await shops.UpdateAsync(x, shop.Id, draft)).ShouldBe("missing");
        (await shops.ListAsync(x)).ShouldBeEmpty();

        var second = Trade.Saved(await shops.CreateAsync(a, draft with { Slug = "second", Brand = "" }));
        (second.Brand, second.Ink).ShouldBe(("#1f5fbf", "#ffffff"));
        Trade.Errors(await shops.UpdateAsync(a, shop.Id, draft with { Slug = "second" })).ShouldBe("slug:taken");
        Trade.Saved(await shops.UpdateAsync(a, shop.Id, draft with { Slug = "moved", IsOpen = false })).IsOpen.ShouldBeFalse();
        shops.FindBySlug("chenxi").ShouldBeNull();
        shops.FindBySlug("moved")!.CreatedAt.ShouldBe(shop.CreatedAt);
        for (var i = 2; i < StorefrontBook.PerMerchantMax; i++) Trade.Saved(await shops.CreateAsync(a, draft with { Slug = $"s{i}" }));
        Trade.Errors(await shops.CreateAsync(a, draft with { Slug = "one-more" })).ShouldBe("slug:too_many");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_storefront_keeps_the_theme_it_was_given(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var shops = world.Get<StorefrontBook>();
        var a = await trade.MerchantAsync("a");
        var draft = new StorefrontDraft { Slug = "chenxi", NameZh = "晨曦数卡", NameEn = "Chenxi" };
        foreach (var theme in StorefrontThemes.All)
        {
            var shop = Trade.Saved(await shops.CreateAsync(a, draft with { Slug = theme, Theme = theme }));
            (shop.Theme, shops.FindBySlug(theme)!.Theme, (await shops.FindAsync(a, shop.Id))!.Theme).ShouldBe((theme, theme, theme));
        }

        var calm = shops.FindBySlug(StorefrontThemes.Calm)!;
        Trade.Saved(await shops.UpdateAsync(a, calm.Id, draft with { Theme = StorefrontThemes.Dense })).Theme.ShouldBe(StorefrontThemes.Dense);
        shops.FindBySlug("chenxi")!.Theme.ShouldBe(StorefrontThemes.Dense);

        foreach (var unknown in new[] { "", "Bold", "bold ", "../tokens" })
        {
            Trade.Errors(await shops.CreateAsync(a, draft with { Slug = "other", Theme = unknown })).ShouldBe("theme:unknown_value", unknown);
            Trade.Errors(await shops.UpdateAsync(a, calm.Id, draft with { Theme = unknown })).ShouldBe("theme:unknown_value", unknown);
        }

        shops.FindBySlug("chenxi")!.Theme.ShouldBe(StorefrontThemes.Dense);
    }
}
