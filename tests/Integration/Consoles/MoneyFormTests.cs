using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

public sealed class MoneyFormTests
{
    private static async Task<(ShopWorld, Visitor)> StartAsync(DatabaseKind kind)
    {
        var shop = await ShopWorld.CreateAsync(kind, cards: 3);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        return (shop, await Visitor.LoggedInAsync(shop.Http, "zhou"));
    }

    private static async Task<Money> WalletAsync(ShopWorld shop) =>
        (await shop.Database.ReadAsync(s => Statements.BalancesAsync(s, shop.Merchant.Value))).Single(a => a.Kind == AccountKinds.Wallet).Balance;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_A_wallet_credit_sent_twice_posts_once(DatabaseKind kind)
    {
        var (shop, operatorAt) = await StartAsync(kind);
        await using var _ = shop;
        var path = $"/console/merchants/{shop.Merchant}/wallet";
        var page = await operatorAt.GetAsync(path);
        (string, string)[] fields = [("direction", "in"), ("amount", "1,000.50"), ("reason", "bank 42"), ("once", page.Field("once"))];
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => operatorAt.PostAsync(page, path, fields)));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.Redirect);
        (await WalletAsync(shop)).ShouldBe(Money.Parse("1000.50"));

        fields[1] = ("amount", "2000");
        (await operatorAt.PostAsync(page, path, fields)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "one form is one posting");
        (await WalletAsync(shop)).ShouldBe(Money.Parse("1000.50"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("0.00001")]
    [InlineData("9223372036854775808")]
    [InlineData("abc")]
    [InlineData("")]
    public async Task F22_An_unusable_amount_is_named_at_its_field_and_moves_nothing(string amount)
    {
        var (shop, operatorAt) = await StartAsync(DatabaseKind.Sqlite);
        await using var _ = shop;
        var path = $"/console/merchants/{shop.Merchant}/wallet";
        var page = await operatorAt.GetAsync(path);
        var answer = await operatorAt.PostAsync(page, path, ("direction", "in"), ("amount", amount), ("reason", "bank 42"), ("once", page.Field("once")));
        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Html.ShouldContain("href=\"#f-amount\"");
        answer.Html.ShouldContain("value=\"bank 42\"", customMessage: "what was typed stays");
        (await WalletAsync(shop)).ShouldBe(Money.Zero);
    }

    [Fact]
    public async Task A_debit_takes_no_more_than_the_wallet_and_its_credit_line_hold()
    {
        var (shop, operatorAt) = await StartAsync(DatabaseKind.Sqlite);
        await using var _ = shop;
        var root = $"/console/merchants/{shop.Merchant}";
        async Task<HttpStatusCode> DebitAsync(string amount)
        {
            var page = await operatorAt.GetAsync($"{root}/wallet");
            return (await operatorAt.PostAsync(page, $"{root}/wallet", ("direction", "out"), ("amount", amount), ("reason", "paid out"), ("once", page.Field("once")))).Status;
        }

        (await DebitAsync("10")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await operatorAt.PostAsync(await operatorAt.GetAsync($"{root}/credit"), $"{root}/credit", ("credit", "10"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await DebitAsync("10")).ShouldBe(HttpStatusCode.Redirect);
        (await DebitAsync("0.0001")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await WalletAsync(shop)).ShouldBe(Money.Parse("-10"));
    }

    [Fact]
    public async Task The_codes_of_a_retail_order_stay_the_buyers()
    {
        var (shop, _) = await StartAsync(DatabaseKind.Sqlite);
        await using var __ = shop;
        await shop.Http.Get<People>().CreateAsync("seller", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Seller");
        var guest = shop.NewGuest();
        var cashier = await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()));
        await guest.PressAsync(cashier);
        var order = (await shop.Orders.ListAsync(new Modules.Orders.OrderFilter(shop.Merchant))).Orders.Single();
        await ShopWorld.UntilAsync(async () => (await shop.Orders.FindAsync(order.Id))!.Delivered == 1);

        var seller = await Visitor.LoggedInAsync(shop.Http, "seller");
        var page = await seller.GetAsync($"/console/merchant/orders/{order.Id}");
        page.Status.ShouldBe(HttpStatusCode.OK);
        (await seller.PostAsync(page, $"{page.Path}?handler=reveal")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_operator_sets_a_lost_password_anew_for_the_party_it_belongs_to()
    {
        var (shop, operatorAt) = await StartAsync(DatabaseKind.Sqlite);
        await using var _ = shop;
        await shop.Http.Get<People>().CreateAsync("seller", "a password that was lost", Roles.Merchant, shop.Merchant.Value, "Seller");
        var path = $"/console/merchants/{shop.Merchant}";
        (string, string)[] fields = [("name_zh", "小鹿点卡"), ("name_en", "Xiaolu Cards"), ("slug", "xiaolu"), ("level", "1"), ("password", Visitor.Password)];
        var page = await operatorAt.GetAsync(path);
        (await operatorAt.PostAsync(page, path, [.. fields, ("login", "zhou")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "somebody else's");
        (await operatorAt.PostAsync(page, path, [.. fields, ("login", "seller")])).Status.ShouldBe(HttpStatusCode.Redirect);
        await Visitor.LoggedInAsync(shop.Http, "seller");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_A_refund_pressed_twice_gives_back_once_and_an_order_from_the_console_buys_once(DatabaseKind kind)
    {
        var (shop, operatorAt) = await StartAsync(kind);
        await using var _ = shop;
        await shop.Http.Get<People>().CreateAsync("seller", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Seller");
        var wallet = await operatorAt.GetAsync($"/console/merchants/{shop.Merchant}/wallet");
        await operatorAt.PostAsync(wallet, $"/console/merchants/{shop.Merchant}/wallet", ("direction", "in"), ("amount", "100"), ("reason", "start"), ("once", wallet.Field("once")));

        var seller = await Visitor.LoggedInAsync(shop.Http, "seller");
        var quote = await seller.GetAsync("/console/merchant/buy?sku=steam-50&quantity=2");
        (string, string)[] ask = [("sku", "steam-50"), ("quantity", "2"), ("most", quote.Field("most")), ("once", quote.Field("once"))];
        var bought = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => seller.PostAsync(quote, "/console/merchant/buy", ask)));
        bought.Select(b => b.Path).Distinct().Count().ShouldBe(1);
        (await WalletAsync(shop)).ShouldBe(Money.Parse("7.69"));
        (await seller.PostAsync(quote, $"{bought[0].Path}?handler=reveal")).Html.ShouldContain("CARD-0001");

        var refund = $"/console/orders/{bought[0].Path.Split('/')[^1]}/refund?units=1";
        var form = await operatorAt.GetAsync(refund);
        form.Html.ShouldContain("46.1550");
        var given = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => operatorAt.PostAsync(form, refund, ("reason", "used code"), ("once", form.Field("once")))));
        given.ShouldAllBe(g => g.Status == HttpStatusCode.Redirect);
        (await WalletAsync(shop)).ShouldBe(Money.Parse("53.845"));
    }
}
