using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Vault;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class ApplicationTests
{
    private static readonly SupplierDraft _supplier = new() { Slug = "dianka", NameZh = "点卡", NameEn = "Dianka", HoldSeconds = "3600" };

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task An_application_is_returned_sent_again_and_becomes_a_supplier(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var applications = world.Get<Applications>();
        var sent = Goods.Saved(await applications.SubmitAsync(Papers.Company, Papers.Licence()));
        (await applications.FindAsync(sent.Token + "0")).ShouldBeNull();
        (await applications.FindAsync(sent.Token))!.State.ShouldBe(ApplicationState.Waiting);
        (await applications.BankAccountAsync(sent.Id)).ShouldBe("6225880123456789");
        (await applications.ResendAsync(sent.Token, Papers.Company)).ShouldBeOfType<CatalogDecision<Application>.Missing>("nobody has answered yet");

        (await applications.ReturnAsync(sent.Id, "The licence cannot be read", "zhou")).ShouldBeTrue();
        (await applications.ReturnAsync(sent.Id, "again", "zhou")).ShouldBeFalse();
        (await applications.ApproveAsync(sent.Id, _supplier, "ok", "zhou")).ShouldBeOfType<CatalogDecision<Supplier>.Missing>("it does not wait");
        (await applications.FindAsync(sent.Token))!.Reason.ShouldBe("The licence cannot be read");
        Goods.Saved(await applications.ResendAsync(sent.Token, Papers.Company with { BankAccount = "99998888" })).State.ShouldBe(ApplicationState.Waiting);
        (await applications.BankAccountAsync(sent.Id)).ShouldBe("99998888");

        var brand = Goods.Saved(await world.Get<Selling>().SaveBrandAsync(null, new BrandDraft { Slug = "valve", NameZh = "维尔福", NameEn = "Valve" }));
        Goods.Saved(await world.Get<Certificates>().AddAsync(CertificateOwner.Of(sent.Id), Papers.Brand(brand.Id, TimeProvider.System.Now().AddDays(9))));
        (await world.Database.WriteAsync(s => applications.ClaimLoginAsync(s, sent.Token))).ShouldBeNull("not approved");
        var decisions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => applications.ApproveAsync(sent.Id, _supplier, "all in order", "zhou"))));
        var supplier = decisions.OfType<CatalogDecision<Supplier>.Saved>().ShouldHaveSingleItem().Value;
        supplier.HoldSeconds.ShouldBe(3_600);
        (await world.Database.ReadAsync(s => Statements.BalancesAsync(s, supplier.Id.Value))).Select(a => a.Kind).Order().ShouldBe(["deposit", "payable", "receivable"]);
        var papers = await world.Get<Certificates>().ListAsync(CertificateOwner.Of(supplier.Id));
        papers.Count.ShouldBe(2);
        papers.ShouldAllBe(c => c.State == ReviewState.Approved && c.DecidedBy == "zhou");
        (await world.Database.ReadAsync(s => Selling.PermitsAsync(s, supplier.Id))).ShouldHaveSingleItem().BrandId.ShouldBe(brand.Id);

        var bank = (await world.Get<PayoutDesk>().BankAsync(supplier.Id))!;
        bank.Tail.ShouldBe("8888", "the account of the application is the first that payouts go to");
        var kept = await world.Database.ReadAsync(s => s.ScalarAsync<byte[]>("select sealed from supplier_bank where id = @Id", new { bank.Id }));
        JsonSerializer.Deserialize<BankDraft>(world.Get<CardVault>().Open(kept!, $"supplier_bank:{bank.Id}"))
            .ShouldBe(new BankDraft { Holder = Papers.Company.Company, Bank = Papers.Company.BankName, Number = "99998888" });

        (await world.Database.WriteAsync(s => applications.ClaimLoginAsync(s, sent.Token))).ShouldBe(supplier.Id);
        (await world.Database.WriteAsync(s => applications.ClaimLoginAsync(s, sent.Token))).ShouldBeNull("once");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_company_becomes_a_supplier_once_and_never_without_a_licence(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var applications = world.Get<Applications>();
        var first = Goods.Saved(await applications.SubmitAsync(Papers.Company, Papers.Licence()));
        var second = Goods.Saved(await applications.SubmitAsync(Papers.Company, Papers.Licence()));
        var licence = (await world.Get<Certificates>().ListAsync(CertificateOwner.Of(first.Id))).Single();
        await world.Get<Certificates>().DecideAsync(licence.Id, false, "a photo of a cat", "zhou");
        Code(await applications.ApproveAsync(first.Id, _supplier, "ok", "zhou")).ShouldBe("licence:required");
        Goods.Saved(await applications.ApproveAsync(second.Id, _supplier, "ok", "zhou"));
        Goods.Saved(await world.Get<Certificates>().AddAsync(CertificateOwner.Of(first.Id), Papers.Licence()));
        Code(await applications.ApproveAsync(first.Id, _supplier with { Slug = "other" }, "ok", "zhou")).ShouldBe("slug:taken");
        (await world.Get<Modules.Catalog.Catalog>().ListSuppliersAsync()).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_refused_document_leaves_no_application(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        Code(await world.Get<Applications>().SubmitAsync(Papers.Company, Papers.Licence() with { Content = "MZ"u8.ToArray() })).ShouldBe("file:bad_file");
        Code(await world.Get<Applications>().SubmitAsync(Papers.Company with { CreditCode = "1" }, Papers.Licence())).ShouldBe("credit_code:bad_credit_code");
        (await world.Get<Applications>().ListAsync()).ShouldBeEmpty();
    }

    private static string Code<T>(CatalogDecision<T> decision) =>
        string.Join(" ", decision.ShouldBeOfType<CatalogDecision<T>.Refused>().Errors.Select(e => $"{e.Field}:{e.Code}"));
}
