using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

public sealed class WithdrawalPageTests
{
    private const string Mine = "/console/merchant/withdrawals", Payee = "/console/merchant/payee", Name = "/console/merchant/real-name";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_From_the_real_name_over_the_payee_and_the_password_to_the_bank_each_press_counts_once(DatabaseKind kind)
    {
        await using var shop = await OpenAsync(kind);
        var (desk, anna) = (shop.Http.Get<WithdrawalDesk>(), await Visitor.LoggedInAsync(shop.Http, "anna"));
        await SetRulesAsync(anna, ("cool_down_hours", "0"), ("fee_bps", "100"));
        var seller = await Visitor.LoggedInAsync(shop.Http, "seller");
        (await seller.GetAsync(Mine)).Html.ShouldContain("Enter your real name");

        // The real name: the password is asked for, the number is checked, an operator verifies.
        (string, string)[] zhang = [("kind", "Person"), ("name", "张三"), ("number", "11010519491231002X"), ("own_password", Visitor.Password)];
        var form = await seller.GetAsync(Name);
        (await seller.PostAsync(form, Name, [.. zhang[..3], ("own_password", "a wrong phrase of words")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await seller.PostAsync(form, Name, [.. zhang[..2], ("number", "110105194912310021"), zhang[3]])).Html.ShouldContain("check character");
        (await shop.Http.Get<RealNames>().LatestAsync(shop.Merchant.Value)).ShouldBeNull();
        (await seller.PostAsync(form, Name, zhang)).Status.ShouldBe(HttpStatusCode.Redirect);
        (await seller.GetAsync(Name)).Html.ShouldNotContain("11010519491231002X");
        (await seller.GetAsync(Mine)).Html.ShouldContain("waits for review");
        var waiting = (await shop.Http.Get<RealNames>().ListAsync(waitingOnly: true)).ShouldHaveSingleItem();
        var review = $"/console/real-names/{PublicId.Encode(waiting.Id)}";
        (await anna.GetAsync("/console/real-names")).Html.ShouldContain(review);
        var page = await anna.GetAsync(review);
        page.Html.ShouldContain("11010519491231002X");
        (await anna.PostAsync(page, review, ("verdict", "refuse"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "without a reason");
        (await anna.PostAsync(page, review, ("verdict", "verify"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await anna.GetAsync(review)).Html.ShouldNotContain("11010519491231002X");
        (await shop.Http.Get<Audit>().ListAsync("anna", null, 10)).ShouldContain(l => l.Action == "real_name.look");

        // The payee bears that name.
        (string, string)[] bank = [("kind", "Bank"), ("bank", "ICBC"), ("number", "6222 0200 9876"), ("own_password", Visitor.Password)];
        form = await seller.GetAsync(Payee);
        (await seller.PostAsync(form, Payee, [.. bank, ("holder", "李四")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await seller.PostAsync(form, Payee, [.. bank, ("holder", "张三")])).Status.ShouldBe(HttpStatusCode.Redirect);
        form = await seller.GetAsync(Mine);
        form.Html.ShouldNotContain("62220200");

        // The fee is told, the password asked for, and one press is one withdrawal.
        (await seller.PostAsync(form, Mine, ("source", "Wallet"), ("amount", "100.01"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var next = await seller.PostAsync(form, Mine, ("source", "Wallet"), ("amount", "60"));
        (next.Status, next.Path).ShouldBe((HttpStatusCode.Redirect, Mine + "/new"));
        var confirm = Mine + "/new?source=Wallet&amount=60.0000";
        form = await seller.GetAsync(confirm);
        form.Html.ShouldContain("0.60");
        form.Html.ShouldContain("59.40");
        (string, string)[] sure = [("own_password", Visitor.Password), ("once", form.Field("once"))];
        (await seller.PostAsync(form, confirm, ("own_password", "a wrong phrase of words"), sure[1])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await desk.ListAsync(shop.Merchant)).ShouldBeEmpty();
        (await Task.WhenAll(seller.PostAsync(form, confirm, sure), seller.PostAsync(form, confirm, sure))).ShouldAllBe(a => a.Status == HttpStatusCode.Redirect);
        var withdrawal = (await desk.ListAsync(shop.Merchant)).ShouldHaveSingleItem();
        (await seller.GetAsync(Mine)).Html.ShouldContain(withdrawal.No);

        // Taken back while nobody has approved it, and asked for again.
        form = await seller.GetAsync(Mine);
        form.Html.ShouldContain("Take it back");
        (await seller.PostAsync(form, $"{Mine}?handler=takeBack", ("number", "nonsense"))).Status.ShouldBe(HttpStatusCode.NotFound);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => seller.PostAsync(form, $"{Mine}?handler=takeBack", ("number", withdrawal.No))));
        (await desk.FindAsync(withdrawal.Id))!.State.ShouldBe(PayoutState.TakenBack);
        form = await seller.GetAsync(Mine);
        (form.Html.Contains("Taken back, the money is back", StringComparison.Ordinal), form.Html.Contains("handler=takeBack", StringComparison.Ordinal)).ShouldBe((true, false));
        form = await seller.GetAsync(confirm);
        await seller.PostAsync(form, confirm, sure[0], ("once", form.Field("once")));
        withdrawal = (await desk.ListAsync(shop.Merchant))[0];
        withdrawal.State.ShouldBe(PayoutState.Requested);

        var one = $"/console/withdrawals/{withdrawal.No}";
        (await anna.GetAsync("/console/withdrawals")).Html.ShouldContain(withdrawal.No);
        (await seller.PostAsync(form, $"{one}?handler=approve")).Status.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var _ in new[] { 1, 2 }) await anna.PostAsync(await anna.GetAsync(one), $"{one}?handler=approve");
        await seller.PostAsync(form, $"{Mine}?handler=takeBack", ("number", withdrawal.No));
        (await desk.FindAsync(withdrawal.Id))!.State.ShouldBe(PayoutState.Approved);
        const string files = "/console/withdrawal-files";
        page = await anna.GetAsync(files);
        foreach (var kindOf in new[] { "Alipay", "nonsense", "9", "Bank", "Bank" }) await anna.PostAsync(page, files + "?handler=make", ("kind", kindOf));
        var file = (await desk.FilesAsync()).ShouldHaveSingleItem().File;
        (await anna.GetAsync($"{files}?handler=download&file={file.No}")).Html.ShouldContain($"{withdrawal.No},张三,622202009876,ICBC,59.40,CNY");
        var results = System.Text.Encoding.UTF8.GetBytes($"\uFEFFpayout_no,result,bank_reference\r\n{withdrawal.No},paid,BK-1\r\n");
        (await anna.PostFileAsync(page, files, "results.csv", results)).Html.ShouldContain("Posted");
        (await anna.PostFileAsync(page, files, "results.csv", results)).Html.ShouldContain("Taken before");
        (await seller.GetAsync(Mine)).Html.ShouldContain("BK-1");
    }

    [Fact]
    public async Task The_rules_are_checked_by_field_and_the_cool_down_says_when_it_ends()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite);
        var (anna, seller) = (await Visitor.LoggedInAsync(shop.Http, "anna"), await Visitor.LoggedInAsync(shop.Http, "seller"));
        const string rules = "/console/withdrawal-rules";
        var form = await anna.GetAsync(rules);
        var texts = await shop.Http.Get<WithdrawalRules>().TextsAsync();
        (await anna.PostAsync(form, rules, [.. texts.Select(t => (t.Key, t.Key == "person_day" ? "1" : t.Value))])).Html.ShouldContain("Not less than the limit of one withdrawal.");
        (await shop.Http.Get<WithdrawalRules>().TermsAsync()).Person.Day.ToString().ShouldBe("50000.0000");
        await SetRulesAsync(anna, ("person_day", "60000"));
        (await shop.Http.Get<WithdrawalRules>().TermsAsync()).Person.Day.ToString().ShouldBe("60000.0000");
        (await shop.Http.Get<Audit>().ListAsync("anna", null, 10)).ShouldContain(l => l.Action == "withdrawal.rules" && l.Subject == "person_day 50000.00 → 60000");
        (await seller.GetAsync(Mine)).Html.ShouldContain("withdrawals are possible again from");
    }

    [Fact]
    public async Task F45_Nobody_sees_what_is_another_merchants()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite);
        await shop.Http.Get<People>().CreateAsync("other", Visitor.Password, Roles.Merchant, 4711, "Other");
        await shop.Http.Get<RealNames>().SubmitAsync(shop.Merchant.Value, Withdrawals.Withdrawing.Zhang, "x");
        var other = await Visitor.LoggedInAsync(shop.Http, "other");
        foreach (var path in new[] { Mine, Payee, Name })
        {
            var page = await other.GetAsync(path);
            (page.Status, page.Html.Contains("张三", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, false), path);
        }
    }

    /// <summary>A shop whose merchant has 100 in its wallet and the log-in <c>seller</c>; <c>anna</c> is an operator.</summary>
    private static async Task<ShopWorld> OpenAsync(DatabaseKind kind)
    {
        var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        var (people, ledger) = (shop.Http.Get<People>(), shop.Http.Get<Modules.Ledger.Ledger>());
        await people.CreateAsync("seller", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "S");
        await people.CreateAsync("anna", Visitor.Password, Roles.Operator, 0, "A");
        await shop.Database.WriteAsync(async s => await ledger.PostAsync(s, new Posting("test", "test",
            [new Leg(await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), 0), await ledger.OpenAsync(s, AccountKinds.Wallet, shop.Merchant.Value), Money.Parse("100"), "test")])));
        return shop;
    }

    private static async Task SetRulesAsync(Visitor operatorOf, params (string Name, string Value)[] changes)
    {
        const string rules = "/console/withdrawal-rules";
        var form = await operatorOf.GetAsync(rules);
        var fields = Modules.Withdrawals.Core.TermsText.Defaults.Keys.Select(n => (n, form.Field(n)));
        (await operatorOf.PostAsync(form, rules, [.. fields.Select(f => changes.FirstOrDefault(c => c.Name == f.n) is (not null, _) and var c ? c : f)])).Status.ShouldBe(HttpStatusCode.Redirect);
    }
}
