using System.Net;
using Lianka.Modules.Agents;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>Who is let in. One database is enough: keys are checked in memory.</summary>
public sealed class SignatureApiTests
{
    private const string Account = "/api/v1/account";

    [Fact]
    public async Task A_call_without_its_four_headers_is_not_authenticated()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        foreach (var header in new[] { "Lianka-Key", "Lianka-Timestamp", "Lianka-Nonce", "Lianka-Signature" })
        {
            var answer = await world.Caller.SendAsync("GET", Account, adjust: r => r.Headers.Remove(header));
            ((int)answer.Status, answer.Code).ShouldBe((401, "unauthenticated"));
            answer.Errors.ShouldBe([(header, "required")]);
        }

        (await Caller.ReadAsync(await world.Http.GetAsync(Account))).Code.ShouldBe("unauthenticated");
        (await new Caller(world.Http, "lk_live_nobody", "x").GetAsync(Account)).Code.ShouldBe("unauthenticated");
        (await new Caller(world.Http, "lk_live_'; drop table api_key; --", "x").GetAsync(Account)).Code.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task Bearer_is_refused_since_every_key_is_a_live_one()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        using var request = new HttpRequestMessage(HttpMethod.Get, Account);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {world.Caller.Key}:{world.Caller.Secret}");
        var answer = await Caller.ReadAsync(await world.Http.SendAsync(request));
        ((int)answer.Status, answer.Code).ShouldBe((401, "unauthenticated"));
        answer.Text.ShouldNotContain(world.Caller.Secret);
    }

    [Fact]
    public async Task What_was_not_signed_is_refused()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var caller = world.Caller;
        await InvalidAsync(new Caller(world.Http, caller.Key, caller.Secret + "x").GetAsync(Account));
        await InvalidAsync(caller.SendAsync("GET", "/api/v1/orders?limit=5", null, signedAddress: "/api/v1/orders?limit=6"));
        await InvalidAsync(caller.SendAsync("GET", "/api/v1/orders", null, signedAddress: Account));
        await InvalidAsync(caller.SendAsync("POST", "/api/v1/quotes", """{"sku":"sku-a","quantity":1}""", r => r.Content = new StringContent("{}")));
        await InvalidAsync(caller.SendAsync("GET", Account, adjust: r => Replace(r, "Lianka-Signature", "v1=00")));
        await InvalidAsync(caller.SendAsync("GET", Account, adjust: r => Replace(r, "Lianka-Nonce", "another-0123456789abc")));

        static async Task InvalidAsync(Task<Answer> call)
        {
            var answer = await call;
            ((int)answer.Status, answer.Code).ShouldBe((401, "signature_invalid"));
        }
    }

    [Fact]
    public async Task The_order_and_the_writing_of_the_query_do_not_matter()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        const string Signed = "/api/v1/orders?client_order_no=%E5%8D%95%20%2B1&limit=5&x=";
        foreach (var sent in new[]
        {
            Signed, "/api/v1/orders?limit=5&client_order_no=%E5%8D%95%20%2B1&x=", "/api/v1/orders?x&limit=5&client_order_no=%e5%8d%95+%2b1",
            "/api/v1/orders?limit=%35&client_order_no=单%20%2B1&x=&",
        })
            (await world.Caller.SendAsync("GET", sent, null, signedAddress: Signed)).Status.ShouldBe(HttpStatusCode.OK, sent);
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-290, true)]
    [InlineData(290, true)]
    [InlineData(310, false)]
    public async Task A_timestamp_may_be_300_seconds_off(int offset, bool isFine)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var answer = await world.Caller.SendAsync("GET", Account, null, timestamp: DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offset);
        answer.Code.ShouldBe(isFine ? null : "timestamp_out_of_range");
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1767225600.5")]
    [InlineData("-1")]
    [InlineData("abc")]
    public async Task A_timestamp_that_is_none_is_out_of_range(string timestamp)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        (await world.Caller.SendAsync("GET", Account, adjust: r => Replace(r, "Lianka-Timestamp", timestamp))).Code.ShouldBe("timestamp_out_of_range");
    }

    [Fact]
    public async Task F21_A_recorded_call_cannot_be_sent_again_nor_a_nonce_be_used_up_by_a_stranger()
    {
        var clock = new TurnedClock();
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 5, s => s.AddSingleton<TimeProvider>(clock));
        const string Nonce = "nonce-0123456789abcdef";
        var body = """{"client_order_no":"A-001","sku":"sku-a","quantity":1,"max_total":"50"}"""u8.ToArray();

        // A wrong signature does not use up the nonce.
        (await new Caller(world.Http, world.Caller.Key, "wrong").SendAsync("POST", "/api/v1/orders", body, nonce: Nonce)).Code.ShouldBe("signature_invalid");
        (await world.Caller.SendAsync("POST", "/api/v1/orders", body, nonce: Nonce)).Status.ShouldBe(HttpStatusCode.Created);
        (await world.Caller.SendAsync("POST", "/api/v1/orders", body, nonce: Nonce)).Code.ShouldBe("nonce_reused");
        (await world.Caller.SendAsync("GET", Account, null, nonce: Nonce)).Code.ShouldBe("nonce_reused");
        (await world.Other.SendAsync("GET", Account, null, nonce: Nonce)).Status.ShouldBe(HttpStatusCode.OK);

        clock.Turn(TimeSpan.FromMinutes(9));
        (await world.Caller.SendAsync("GET", Account, null, timestamp: clock.GetUtcNow().ToUnixTimeSeconds(), nonce: Nonce)).Code.ShouldBe("nonce_reused");
        clock.Turn(TimeSpan.FromMinutes(3));
        (await world.Caller.SendAsync("GET", Account, null, timestamp: clock.GetUtcNow().ToUnixTimeSeconds(), nonce: Nonce)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("short-012345678")]
    [InlineData("long-0123456789012345678901234567890123456789012345678901234567890")]
    public async Task A_nonce_of_another_length_is_refused(string nonce)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var answer = await world.Caller.SendAsync("GET", Account, null, nonce: nonce);
        ((int)answer.Status, answer.Code).ShouldBe((401, "unauthenticated"));
        answer.Errors.ShouldBe([("Lianka-Nonce", "nonce")]);
    }

    [Fact]
    public async Task A_key_does_only_what_its_scopes_say()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 5);
        var reader = await world.KeyAsync(world.First, [ApiScopes.OrdersRead]);
        var writer = await world.KeyAsync(world.First, [ApiScopes.OrdersWrite]);
        (await reader.GetAsync("/api/v1/orders")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var refused in new[] { await reader.BuyAsync("A-001"), await reader.GetAsync(Account), await writer.GetAsync("/api/v1/orders") })
            ((int)refused.Status, refused.Code).ShouldBe((403, "forbidden"));

        var revealing = await writer.BuyAsync("A-001", reveal: true);
        ((int)revealing.Status, revealing.Code).ShouldBe((403, "forbidden"));
        revealing.Errors.ShouldBe([("/reveal", "scope")]);
        var placed = await writer.BuyAsync("A-001");
        placed.Status.ShouldBe(HttpStatusCode.Created);
        (await writer.PostAsync($"/api/v1/orders/{placed["order_no"]}/reveal")).Code.ShouldBe("forbidden");
        (await writer.BuyAsync("A-001", reveal: true)).Code.ShouldBe("forbidden");
    }

    [Fact]
    public async Task A_key_with_an_address_list_works_from_there_only()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        (await (await world.KeyAsync(world.First, allowedIps: "127.0.0.0/8")).GetAsync(Account)).Status.ShouldBe(HttpStatusCode.OK);
        var answer = await (await world.KeyAsync(world.First, allowedIps: "10.0.0.0/8, 192.0.2.1")).GetAsync(Account);
        ((int)answer.Status, answer.Code).ShouldBe((403, "forbidden"));
        answer.Errors.ShouldBe([("", "address")]);
    }

    [Fact]
    public async Task A_revoked_key_is_unknown_and_a_suspended_account_may_do_nothing()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var key = (await world.Get<ApiKeys>().ListAsync(world.First)).ShouldHaveSingleItem();
        await world.Get<ApiKeys>().RevokeAsync(world.First, key.Id);
        (await world.Caller.GetAsync(Account)).Code.ShouldBe("unauthenticated");
        await world.Get<Merchants>().SuspendAsync(world.Second);
        (await world.Other.GetAsync(Account)).Code.ShouldBe("forbidden");
    }

    private static void Replace(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }
}
