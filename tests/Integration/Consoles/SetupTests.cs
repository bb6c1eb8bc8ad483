using System.Net;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Consoles;

public sealed class SetupTests
{
    private static readonly (string, string)[] _account =
        [("name", "Zhou Min"), ("login", "zhou"), ("password", Visitor.Password), ("again", Visitor.Password)];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_set_up_address_makes_one_operator_and_dies(DatabaseKind kind)
    {
        await using var world = await HttpWorld.CreateAsync(kind);
        var setup = world.Get<FirstSetup>();
        var first = (await setup.OpenAsync())!;
        var address = (await setup.OpenAsync())!;
        var visitor = new Visitor(world);
        (await visitor.GetAsync(first)).Status.ShouldBe(HttpStatusCode.NotFound, "a new start made a new token");
        (await visitor.GetAsync("/setup?token=guess")).Status.ShouldBe(HttpStatusCode.NotFound);

        var page = await visitor.GetAsync(address);
        var token = ("token", page.Field("token"));
        (await visitor.PostAsync(page, "/setup", [.. _account[..2], ("password", "short"), ("again", "short"), token])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var made = await visitor.PostAsync(page, "/setup", [.. _account, token]);
        made.Path.ShouldBe("/console/home");
        (await visitor.GetAsync("/console/home")).Status.ShouldBe(HttpStatusCode.OK, "and is logged in");
        // A form of which nothing could be chosen yet leads to what comes before it.
        foreach (var (form, before) in new[] { ("storefronts", "merchants/new"), ("products", "categories/new"), ("supplies", "products"), ("imports", "supplies/new") })
            (await visitor.GetAsync($"/console/{form}/new")).Path.ShouldBe($"/console/{before}");

        (await visitor.GetAsync(address)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await setup.OpenAsync()).ShouldBeNull("there is an operator");
        (await world.Get<Merchants>().ListLevelsAsync()).Count.ShouldBe(3);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Two_browsers_with_one_token_make_one_operator(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (setup, people) = (world.Get<FirstSetup>(), world.Get<People>());
        var token = (await setup.OpenAsync())!.Split('=')[1];
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
            await setup.CompleteAsync(token, await people.PrepareAsync($"zhou{i}", Visitor.Password, Roles.Operator, 0, "Zhou"))));
        made.Count(m => m).ShouldBe(1);
    }

    [Fact]
    public async Task The_token_is_kept_as_a_hash_only()
    {
        await using var world = await World.CreateAsync(DatabaseKind.Sqlite);
        var token = (await world.Get<FirstSetup>().OpenAsync())!.Split('=')[1];
        var kept = await world.Database.ReadAsync(s => s.QueryAsync<string>("select value from setting"));
        kept.ShouldNotContain(v => v.Contains(token, StringComparison.Ordinal));
    }
}
