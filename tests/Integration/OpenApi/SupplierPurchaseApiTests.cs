using System.Net;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>What waits for a supplier's hands, and what its programs say became of it.</summary>
public sealed class SupplierPurchaseApiTests
{
    private const string Purchases = "/api/v1/supplier/purchases";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F43_A_delivery_told_twice_is_done_once_and_told_otherwise_is_refused(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var no = await world.BuyAsync("A-1", quantity: 2);
        var one = await world.Caller.GetAsync($"{Purchases}/{no}");
        (one["status"], one["quantity"], one["total"], one["by_hand"]).ShouldBe(("queued", "2", "18.0000", "True"));
        one.Json.GetProperty("fields").GetProperty("account").GetString().ShouldBe("138 0013 8000");

        var done = await world.Caller.PostAsync($"{Purchases}/{no}/deliver", new { receipt = "CMCC 1" });
        (done.Status, done["status"], done["receipt"], done.Header("Idempotent-Replayed")).ShouldBe((HttpStatusCode.OK, "succeeded", "CMCC 1", ""), done.Text);
        var again = await world.Caller.PostAsync($"{Purchases}/{no}/deliver", new { receipt = "CMCC 1", units = 2 });
        (again.Status, again.Text, again.Header("Idempotent-Replayed")).ShouldBe((HttpStatusCode.OK, done.Text, "true"));
        foreach (var other in new object[] { new { receipt = "CMCC 2" }, new { receipt = "CMCC 1", units = 1 }, new { receipt = "CMCC 1", cards = new[] { new { secret = "X1" }, new { secret = "X2" } } } })
        {
            var refused = await world.Caller.PostAsync($"{Purchases}/{no}/deliver", other);
            ((int)refused.Status, refused.Code).ShouldBe((409, "delivery_conflict"));
        }

        var failed = await world.Caller.PostAsync($"{Purchases}/{no}/fail", new { reason = "no" });
        ((int)failed.Status, failed.Code).ShouldBe((409, "delivery_conflict"));
        var order = await world.OrderAsync("A-1");
        (order["status"], order["delivered_quantity"], order["refunded"]).ShouldBe(("delivered", "2", "0.0000"));
        (await world.Caller.GetAsync(Purchases)).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await world.Api.Get<PurchaseDesk>().CasesAsync(isOpen: true)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F43_Of_different_deliveries_at_once_one_stands_and_the_others_hear_it(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var no = await world.BuyAsync("A-1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.Caller.PostAsync($"{Purchases}/{no}/deliver", new { receipt = $"R{i % 4}" })));
        var stands = (await world.Caller.GetAsync($"{Purchases}/{no}"))["receipt"];
        for (var i = 0; i < answers.Length; i++)
            ((int)answers[i].Status).ShouldBe($"R{i % 4}" == stands ? 200 : 409, answers[i].Text);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Cards_delivered_by_hand_are_the_buyers_alone_and_known_ones_are_refused_without_naming_them(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var (no, next) = (await world.BuyAsync("A-1", quantity: 2), await world.BuyAsync("A-2"));
        var body = new { cards = new object[] { new { number = "8800", secret = "HAND-1" }, new { secret = "HAND-2" } } };
        (await world.Caller.PostAsync($"{Purchases}/{no}/deliver", body)).Status.ShouldBe(HttpStatusCode.OK);
        var again = await world.Caller.PostAsync($"{Purchases}/{no}/deliver", body);
        (again.Status, again.Header("Idempotent-Replayed")).ShouldBe((HttpStatusCode.OK, "true"));
        again.Text.ShouldNotContain("HAND-");
        (await world.Caller.PostAsync($"{Purchases}/{no}/deliver", new { cards = new object[] { new { number = "8800", secret = "HAND-1" }, new { secret = "HAND-3" } } }))
            .Code.ShouldBe("delivery_conflict");
        var order = await world.OrderAsync("A-1");
        (await world.Api.Caller.PostAsync($"/api/v1/orders/{order["order_no"]}/reveal")).Json.GetProperty("cards").EnumerateArray()
            .Select(c => c.GetProperty("secret").GetString()).ShouldBe(["HAND-1", "HAND-2"]);

        var known = await world.Caller.PostAsync($"{Purchases}/{next}/deliver", new { cards = new[] { new { secret = "HAND-2" } } });
        ((int)known.Status, known.Code).ShouldBe((409, "duplicate_cards"));
        known.Text.ShouldNotContain("HAND-2");
        (await world.Caller.GetAsync($"{Purchases}/{next}"))["status"].ShouldBe("queued");
        (await world.Caller.PostAsync($"{Purchases}/{next}/deliver", new { cards = new[] { new { secret = "HAND-9" } } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F37_A_delivery_after_the_money_went_back_is_told_so_and_becomes_one_case(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var no = await world.BuyAsync("A-1");
        var failed = await world.Caller.PostAsync($"{Purchases}/{no}/fail", new { reason = "号码不存在", account_wrong = true });
        (failed.Status, failed["status"], failed["failure"]).ShouldBe((HttpStatusCode.OK, "failed", "号码不存在"));
        var again = await world.Caller.PostAsync($"{Purchases}/{no}/fail", new { reason = "号码不存在", account_wrong = true });
        (again.Text, again.Header("Idempotent-Replayed")).ShouldBe((failed.Text, "true"));
        (await world.Caller.PostAsync($"{Purchases}/{no}/fail", new { reason = "other" })).Code.ShouldBe("delivery_conflict");
        (await world.OrderAsync("A-1"))["refunded"].ShouldBe("10.0000");
        var balance = (await world.Api.Caller.GetAsync("/api/v1/account"))["balance"];

        for (var i = 0; i < 2; i++)
        {
            var late = await world.Caller.PostAsync($"{Purchases}/{no}/deliver", new { receipt = "done after all", cards = new[] { new { secret = "LATE-1" } } });
            ((int)late.Status, late.Code).ShouldBe((409, "delivery_too_late"));
        }

        var open = (await world.Api.Get<PurchaseDesk>().CasesAsync(isOpen: true)).ShouldHaveSingleItem();
        (open.Kind, open.Ours.ToString(), open.Theirs?.ToString()).ShouldBe(("late_success", "10.0000", "9.0000"));
        (await world.Api.Caller.GetAsync("/api/v1/account"))["balance"].ShouldBe(balance);
        // The cards were not kept: they are still the supplier's to sell.
        var next = await world.BuyAsync("A-2");
        (await world.Caller.PostAsync($"{Purchases}/{next}/deliver", new { cards = new[] { new { secret = "LATE-1" } } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_supplier_never_sees_or_touches_anothers_purchases(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var (mine, theirs) = (await world.BuyAsync("A-1"), await world.BuyAsync("A-2", "phone-20"));
        (await world.Caller.GetAsync(Purchases)).Json.GetProperty("data").EnumerateArray().Select(p => p.GetProperty("purchase_no").GetString()).ShouldBe([mine]);
        foreach (var answer in new[]
        {
            await world.Caller.GetAsync($"{Purchases}/{theirs}"),
            await world.Caller.PostAsync($"{Purchases}/{theirs}/deliver", new { receipt = "mine now" }),
            await world.Caller.PostAsync($"{Purchases}/{theirs}/fail", new { reason = "away with it" }),
            await world.Caller.GetAsync($"{Purchases}/nothing"),
        })
            ((int)answer.Status, answer.Code).ShouldBe((404, "not_found"));
        (await world.Other.GetAsync($"{Purchases}/{theirs}"))["status"].ShouldBe("queued");
    }

    [Theory]
    [InlineData("""{"units":"2","receipt":"x"}""", "/units", "not_integer", "必须是整数形式的 JSON 数字（例如 1），不能带引号、小数或指数。")]
    [InlineData("""{"units":3,"receipt":"x"}""", "/units", "range", "取值范围：1–2。")]
    [InlineData("""{}""", "/receipt", "required", "缺少这个必填字段。")]
    [InlineData("""{"cards":[{"secret":"A"},{"number":1,"secret":"B"}]}""", "/cards/1/number", "not_text", "必须是字符串。")]
    [InlineData("""{"cards":[{"secret":"A"},{}]}""", "/cards/1/secret", "required", "缺少这个必填字段。")]
    [InlineData("""{"cards":[{"secret":"A"},"B"]}""", "/cards/1", "not_object", "必须是对象。")]
    [InlineData("""{"cards":[{"secret":"A"}]}""", "/cards", "range", "取值范围：2 × card。")]
    [InlineData("""{"cards":{}}""", "/cards", "not_array", "必须是数组。")]
    [InlineData("""[]""", "", "not_object", "必须是对象。")]
    public async Task Bad_input_is_named_by_its_field_in_both_languages(string body, string pointer, string code, string chinese)
    {
        await using var world = await SupplierApiWorld.CreateAsync(DatabaseKind.Sqlite);
        var no = await world.BuyAsync("A-1", quantity: 2);
        var english = await world.Caller.PostAsync($"{Purchases}/{no}/deliver", body);
        ((int)english.Status, english.Code).ShouldBe((400, "invalid_request"), english.Text);
        english.Errors.ShouldBe([(pointer, code)]);
        var told = await world.Caller.SendAsync("POST", $"{Purchases}/{no}/deliver", body, r => r.Headers.Add("Accept-Language", "zh-CN"));
        told.Json.GetProperty("errors")[0].GetProperty("detail").GetString().ShouldBe(chinese);
        (await world.Caller.GetAsync($"{Purchases}/{no}"))["status"].ShouldBe("queued");
    }
}
