using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Inventory;

/// <summary>Cards are found by their last characters, by those who may see where they stand.</summary>
public sealed class CardTailTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_card_is_found_by_its_end_and_never_shown(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        // Numbers and secrets: the third card's number ends as the first card's secret does.
        await shop.Http.Get<ImportDesk>().RunAsync(new ImportRequest(shop.Supply.Id, CardFormat.Csv, CardEncoding.Utf8, "cards", "test"),
            ImportTests.Bytes("AAAABBBB0001,SECRETSECRETXY77\nAAAABBBB0002,SECRETSECRETXY78\nAAAAAAETXY77,SECRETSECRETXY79\nSHORT-X1Y2\n"));
        var lot = new LotId(await shop.CountAsync("select max(id) from lot"));
        var (tails, places) = (shop.Http.Get<CardTails>(), new Func<string, Task<string>>(async words =>
            string.Join(' ', (await shop.Http.Get<CardTails>().FindAsync(words)).Select(p => p.Seq))));
        (await places("BB0001")).ShouldBe("1");
        (await places("etxy77")).ShouldBe("1 3");
        (await places("TXY-79")).ShouldBe("", "six of a long text, no fewer");
        (await places("x1y2")).ShouldBe("4");
        (await places("SECRETX1Y2")).ShouldBe("");
        (await tails.FindAsync("BB0001", shop.Supply.SupplierId)).Count.ShouldBe(1);
        (await tails.FindAsync("BB0001", new SupplierId(1))).ShouldBeEmpty("another supplier's card");
        (await shop.CountAsync("select count(*) from card_tail")).ShouldBe(7);

        // Cards from before there were tails get theirs, once, also where another node does it beside.
        await shop.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("delete from card_tail where seq > 2");
            await s.ExecuteAsync("update tail_fill set lot_id = 0, seq = 0, ended_at = null");
        });
        await Task.WhenAll(tails.FillAsync(), tails.FillAsync());
        (await shop.CountAsync("select count(*) from card_tail")).ShouldBe(7);
        (await places("etxy77")).ShouldBe("1 3");
        (await tails.FillAsync()).ShouldBe(0);

        // The first card is sold; the second is held by an order that is given up.
        var people = shop.Http.Get<People>();
        await people.CreateAsync(Roles.Operator, Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync(Roles.Merchant, Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync(Roles.Supplier, Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        var other = ((AgentsDecision<MerchantEntry>.Saved)await shop.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" })).Value;
        await people.CreateAsync("other", Visitor.Password, Roles.Merchant, other.Id.Value, "Other");
        var guest = shop.NewGuest();
        var order = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()))));
        var held = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        (await FoundAsync(Roles.Operator, "BB0002")).ShouldBe($"/console/orders/{held}");
        await shop.Orders.RunAsync(new OrderCommand.Cancel(held, shop.Merchant, "test"));

        (await FoundAsync(Roles.Operator, "BB0001")).ShouldBe($"/console/orders/{order}");
        (await FoundAsync(Roles.Operator, "BB0002")).ShouldBe($"/console/lots?lot={lot}");
        (await FoundAsync(Roles.Operator, "etxy77")).ShouldBe($"/console/orders/{order} /console/lots?lot={lot}");
        (await FoundAsync(Roles.Merchant, "etxy77")).ShouldBe($"/console/merchant/orders/{order}");
        (await FoundAsync("other", "etxy77")).ShouldBe("");
        (await FoundAsync(Roles.Supplier, "etxy77")).ShouldBe($"/console/supplier/lots?lot={lot}");
        // Staff see what their permissions open.
        var staff = shop.Http.Get<Staff>();
        var owner = (await people.OfPartyAsync(Roles.Operator, 0))[0].Id;
        foreach (var (login, permission, found) in new[]
        {
            ("a", Permissions.OrdersSee, $"/console/orders/{order}"), ("b", Permissions.StockSee, $"/console/lots?lot={lot}"), ("c", Permissions.CatalogSee, ""),
        })
        {
            await staff.AddAsync(owner, login, Visitor.Password, login, ((StaffDecision.Saved)await staff.SaveRoleAsync(owner, 0, login, "", Rights.Of([permission]))).Id);
            (await FoundAsync(login, "etxy77")).ShouldBe(found, permission);
        }

        // Who found what is written down; what was asked for, and what the cards are, stands nowhere.
        var audit = await shop.Http.Get<Audit>().ListAsync(Roles.Merchant, null, 10);
        audit.ShouldContain(l => l.Action == "cards.find" && l.Subject == order.ToString());
        audit.ShouldAllBe(l => !l.Subject.Contains("XY77", StringComparison.OrdinalIgnoreCase));

        var hasty = await Visitor.LoggedInAsync(shop.Http, Roles.Merchant);
        for (var i = 0; i < TailGate.TriesMax; i++) await hasty.GetAsync("/console/api/find?q=zz9999");
        var late = JsonDocument.Parse((await hasty.GetAsync("/console/api/find?q=etxy77")).Html).RootElement;
        late.ShouldBe("FindAnswer");
        late.GetProperty("groups").GetArrayLength().ShouldBe(0);
        late.GetProperty("note").GetString().ShouldNotBeNullOrEmpty();

        async Task<string> FoundAsync(string login, string words)
        {
            var answer = JsonDocument.Parse((await (await Visitor.LoggedInAsync(shop.Http, login)).GetAsync($"/console/api/find?q={words}")).Html).RootElement;
            answer.ShouldBe("FindAnswer");
            answer.GetRawText().ShouldNotContain("SECRET");
            return string.Join(' ', answer.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("hits").EnumerateArray()).Select(h => h.GetProperty("href").GetString()));
        }
    }
}
