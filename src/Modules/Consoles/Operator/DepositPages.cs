using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What deposits have to cover, and whose does not.</summary>
[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class DepositsPage(Deposits deposits, Catalog.Catalog catalog, Names names) : ConsolePage
{
    private Dictionary<long, string> _fields = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("保证金", "Deposits");
        var categories = await catalog.ListCategoriesAsync();
        var rates = (await deposits.RatesAsync()).ToDictionary(r => r.CategoryId);
        _fields = categories.ToDictionary(c => c.Id, c => Deposits.RateField(c.Id));
        Form = new Form(Language)
            .Section("要求", "What is required")
            .Whole("share", "近 30 天结算额的比例", "Share of what was settled in 30 days", unit: T("万分之一", "bps"))
            .Hint("1000 是 10%。和分类合计比，取大的。", "1000 is 10%. Against the sum of the categories, the larger counts.").Fill("share", $"{await deposits.ShareAsync()}");
        foreach (var category in categories)
            Form.Money(_fields[category.Id], category.NameZh, category.NameEn, optional: true)
                .Fill(_fields[category.Id], rates.TryGetValue(category.Id, out var rate) ? rate.Amount.ToString() : "");
        var parties = await names.PartiesAsync(Language);
        Table = Parts.Table.Of((await deposits.ListAsync()).OrderByDescending(c => c.Missing), Title)
            .Column(T("供应商", "Supplier"), c => new Cell(parties(c.Supplier.Value), $"/console/suppliers/{c.Supplier}/standing"))
            .Money(T("保证金", "Deposit"), c => c.Deposit)
            .Money(T("要求", "Required"), c => c.Required)
            .Money(T("差额", "Missing"), c => c.Missing)
            .Badge(T("状态", "State"), c => c.IsShort ? (T("不足，已停售", "Short: off"), "error") : (T("够", "Enough"), "ok"))
            .Column(T("操作", "Action"), c => $"/console/suppliers/{c.Supplier}/deposit" is var href && MayOpen(href) ? new Cell(T("入账 / 退还", "Book or return"), href) : new Cell("—"))
            .Build();
        Table.Empty = new EmptyState(T("还没有供应商", "No suppliers yet"), T("有了供应商再看保证金。", "First a supplier, then its deposit."), "/console/suppliers/new", T("新建供应商", "New supplier"), "supply");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var errors = await deposits.SaveRatesAsync(_fields.ToDictionary(f => f.Key, f => Form[f.Value]), Form["share"]);
        Form.Take(errors);
        if (!Form.IsFine) return Again();
        await RecordAsync("deposit.rates", $"share {Form["share"]} bps; {string.Join(", ", _fields.Values.Select(f => $"{f} {Form[f]}"))}");
        return Done("/console/deposits", "已保存；不足的已经停售", "Saved; whoever falls short is off");
    }
}

/// <summary>Pages about one supplier's standing.</summary>
[Needs(Permissions.SuppliersSee)]
internal sealed class SupplierStandingPage(
    Catalog.Catalog catalog, Standings standings, Applications applications)
    : StandingPage(standings)
{
    protected override string CertificateUrl(Certificate certificate) => $"/console/certificates/{PublicId.Encode(certificate.Id)}";

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!SupplierId.TryParse(id, out var supplier) || await catalog.FindSupplierAsync(supplier) is not { } found) return NotFound();
        Title = T($"{found.NameZh}：资质与保证金", $"{found.NameEn}: standing");
        Up = ($"/console/suppliers/{supplier}", Language.PickOr(found.NameZh, found.NameEn));
        Actions.Add(($"/console/suppliers/{supplier}/deposit", T("保证金入账 / 退还", "Book or return a deposit")));
        if (await applications.OfSupplierAsync(supplier) is { } application)
            Actions.Add(($"/console/applications/{PublicId.Encode(application.Id)}", T("入驻申请", "Its application")));
        await LoadAsync(supplier);
        return Page();
    }
}

/// <summary>A bank transfer that came in, or what goes back to the supplier.</summary>
[Needs(Permissions.SuppliersSee, Permissions.FinanceEdit)]
internal sealed class DepositPage(Catalog.Catalog catalog, Deposits deposits) : ConsolePage
{
    private SupplierId _supplier;
    public Cover Cover { get; private set; } = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!SupplierId.TryParse(RouteData.Values["id"] as string, out _supplier) || await catalog.FindSupplierAsync(_supplier) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        Cover = (await deposits.FindAsync(_supplier))!;
        Title = T("保证金入账 / 退还", "Book or return a deposit");
        Up = ($"/console/suppliers/{_supplier}/standing", Language.PickOr(found.NameZh, found.NameEn));
        Form = new Form(Language) { Back = Up.Value.Href, Submit = T("入账", "Post") }
            .Choice("direction", "方向", "Direction", [new("in", T("收到：银行到账了", "In: the transfer reached the bank")), new("out", T("退还：要求以外的部分，且不欠款", "Return: what is above the cover, to one who owes nothing"))]).Fill("direction", "in").Beside()
            .Money("amount", "金额", "Amount")
            .Text("slip", "银行流水号 / 事由", "Slip number, or the reason", max: 64).Hint("收到时填银行流水号：同一个流水号只入一次账", "For a transfer its slip's number: one slip is booked once")
            .OnlyOnce();
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var isIn = Form["direction"] == "in";
        var decision = isIn
            ? await deposits.PayInAsync(_supplier, Form["amount"], Form["slip"], Actor)
            : await deposits.ReturnAsync(_supplier, Form["amount"], Form["slip"], $"console:{Person.Id}:{Form.Once}", Actor);
        switch (decision)
        {
            case DepositDecision.Posted posted:
                if (posted.IsReplay) return NotDone(Up!.Value.Href, "这一笔之前已经入过账，没有重复入", "This was booked before; nothing was moved now");
                await RecordAsync(isIn ? "deposit.in" : "deposit.out", $"{_supplier} {Form["amount"]} {Form["slip"]}");
                return Done(Up!.Value.Href, $"已入账，保证金现在是 {Show.Money(posted.Cover.Deposit)}", $"Posted; the deposit is now {Show.Money(posted.Cover.Deposit)}");
            case DepositDecision.Refused refused:
                Form.Take([refused.Error with { Field = refused.Error.Field == "reason" ? "slip" : refused.Error.Field }]);
                return Again();
            default:
                return NotFound();
        }
    }
}
