using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

public sealed class PayoutPageTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_From_the_suppliers_form_over_two_operators_to_the_file_each_press_counts_once(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        var (people, ledger, supplier) = (shop.Http.Get<People>(), shop.Http.Get<Modules.Ledger.Ledger>(), shop.Supply.SupplierId);
        await people.CreateAsync("seller", Visitor.Password, Roles.Supplier, supplier.Value, "S");
        await people.CreateAsync("anna", Visitor.Password, Roles.Operator, 0, "A");
        await people.CreateAsync("bo", Visitor.Password, Roles.Operator, 0, "B");
        await shop.Database.WriteAsync(async s => await ledger.PostAsync(s, new Posting("test", "test",
            [new Leg(await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), 0), await ledger.OpenAsync(s, AccountKinds.Payable, supplier.Value), Money.Parse("100"), "test")])));

        var seller = await Visitor.LoggedInAsync(shop.Http, "seller");
        const string bank = "/console/supplier/bank", mine = "/console/supplier/payouts";
        (await seller.PostAsync(await seller.GetAsync(bank), bank, ("holder", "Lu Ltd"), ("bank", "ICBC"), ("number", "12ab"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await seller.PostAsync(await seller.GetAsync(bank), bank, ("holder", "Lu Ltd"), ("bank", "ICBC"), ("number", "6222 0200 9876"))).Status.ShouldBe(HttpStatusCode.Redirect);
        var form = await seller.GetAsync(mine);
        form.Html.ShouldNotContain("62220200");
        (string, string)[] fields = [("amount", "60.00"), ("once", form.Field("once"))];
        (await Task.WhenAll(seller.PostAsync(form, mine, fields), seller.PostAsync(form, mine, fields))).ShouldAllBe(a => a.Status == HttpStatusCode.Redirect);
        (await seller.PostAsync(form, mine, ("amount", "60.00"), ("once", "another"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "only 40 are left");
        var payout = (await shop.Http.Get<PayoutDesk>().ListAsync(supplier)).ShouldHaveSingleItem();

        var (anna, bo) = (await Visitor.LoggedInAsync(shop.Http, "anna"), await Visitor.LoggedInAsync(shop.Http, "bo"));
        var one = $"/console/payouts/{payout.No}";
        (await anna.GetAsync("/console/payouts")).Html.ShouldContain(payout.No);
        foreach (var who in new[] { anna, anna, bo })
            await who.PostAsync(await who.GetAsync(one), $"{one}?handler=approve");
        (await shop.Http.Get<PayoutDesk>().FindAsync(payout.Id))!.State.ShouldBe(PayoutState.Approved);
        (await seller.PostAsync(form, $"{one}?handler=approve")).Status.ShouldBe(HttpStatusCode.Forbidden);

        var files = await anna.GetAsync("/console/payout-files");
        await anna.PostAsync(files, "/console/payout-files?handler=make");
        await anna.PostAsync(files, "/console/payout-files?handler=make");
        var file = (await shop.Http.Get<PayoutDesk>().FilesAsync()).ShouldHaveSingleItem();
        (await bo.GetAsync($"/console/payout-files?handler=download&file={file.No}")).Html.ShouldContain($"{payout.No},Lu Ltd,622202009876,ICBC,60.00,CNY");
        (await shop.Http.Get<Audit>().ListAsync("bo", null, 10)).ShouldContain(l => l.Action == "payout.file_download" && l.Subject == file.No);
        (await seller.GetAsync("/console/supplier/money")).Html.ShouldContain("60.0000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I11_The_banks_results_are_uploaded_and_each_counts_once(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        var (people, ledger, desk, supplier) = (shop.Http.Get<People>(), shop.Http.Get<Modules.Ledger.Ledger>(), shop.Http.Get<PayoutDesk>(), shop.Supply.SupplierId);
        await people.CreateAsync("anna", Visitor.Password, Roles.Operator, 0, "A");
        await people.CreateAsync("seller", Visitor.Password, Roles.Supplier, supplier.Value, "S");
        await shop.Database.WriteAsync(async s => await ledger.PostAsync(s, new Posting("test", "test",
            [new Leg(await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), 0), await ledger.OpenAsync(s, AccountKinds.Payable, supplier.Value), Money.Parse("100"), "test")])));
        await desk.SetBankAsync(supplier, new BankDraft { Holder = "Lu Ltd", Bank = "ICBC", Number = "622202009876" }, "x");
        var payouts = new List<Payout>();
        foreach (var amount in new[] { "60", "30" })
        {
            var asked = (await desk.RequestAsync(supplier, 900, "x", Money.Parse(amount), $"k{amount}")).ShouldBeOfType<PayoutDecision.Done>().Payout;
            await desk.ApproveAsync(asked.Id, 901);
            await desk.ApproveAsync(asked.Id, 902);
            payouts.Add(asked);
        }

        (await desk.MakeFileAsync(901)).ShouldNotBeNull();
        const string address = "/console/payout-files";
        var anna = await Visitor.LoggedInAsync(shop.Http, "anna");
        var page = await anna.GetAsync(address);
        foreach (var (name, bad) in new[] { ("none.csv", "a,b\n1,2\n"), ("large.csv", "payout_no,result\n" + new string('x', 2_100_000)) })
            (await anna.PostFileAsync(page, address, name, System.Text.Encoding.UTF8.GetBytes(bad))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, name);
        (await anna.PostAsync(page, address)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "no file");

        // With the mark that spreadsheets write; an unknown number stops no other row.
        var results = System.Text.Encoding.UTF8.GetBytes(
            $"\uFEFFpayout_no,result,bank_reference,reason\r\n{payouts[0].No},paid,BK-1,\r\nNOSUCHNUMBER1,paid,,\r\n{payouts[1].No},失败,BK-2,账号不存在\r\n");
        var told = await anna.PostFileAsync(page, address, "results.csv", results);
        told.Status.ShouldBe(HttpStatusCode.OK);
        told.Html.ShouldContain("No payout has this number.");
        (await desk.FindAsync(payouts[0].Id))!.State.ShouldBe(PayoutState.Paid);
        (await desk.FindAsync(payouts[1].Id))!.State.ShouldBe(PayoutState.Failed);
        (await anna.PostFileAsync(page, address, "results.csv", results)).Html.ShouldContain("Taken before");
        var contrary = await anna.PostFileAsync(page, address, "results.csv", System.Text.Encoding.UTF8.GetBytes($"payout_no,result\n{payouts[0].No},failed\n"));
        (contrary.Status, contrary.Html.Contains("Posted", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, false));
        var ages = await desk.AgeingAsync(supplier);
        (ages.Available.ToString(), ages.InTransit.ToString(), ages.Paid.ToString()).ShouldBe(("40.0000", "0.0000", "60.0000"));
        (await shop.Http.Get<Audit>().ListAsync("anna", null, 10)).ShouldContain(l => l.Action == "payout.results");

        var seller = await Visitor.LoggedInAsync(shop.Http, "seller");
        (await seller.PostFileAsync(await seller.GetAsync("/console/supplier/payouts"), address, "results.csv", results)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task F45_Nobody_sees_or_moves_what_is_another_suppliers()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var foreign = Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "foreign", NameZh = "别的供应商", NameEn = "Foreign" }));
        await shop.Http.Get<People>().CreateAsync("foreign", Visitor.Password, Roles.Supplier, foreign.Id.Value, "F");
        var desk = shop.Http.Get<PayoutDesk>();
        await desk.SetBankAsync(shop.Supply.SupplierId, new BankDraft { Holder = "H", Bank = "B", Number = "11112222" }, "x");
        var visitor = await Visitor.LoggedInAsync(shop.Http, "foreign");
        (await visitor.GetAsync("/console/supplier/payouts")).Html.ShouldNotContain("2222");
        foreach (var kind in new[] { "csv", "xlsx" })
            (await visitor.GetAsync($"/console/supplier/statements?month=2026-01&handler={kind}")).Status.ShouldBe(HttpStatusCode.OK);
        (await visitor.GetAsync("/console/supplier/statements?day=9999-99-99&month=0000-00")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
