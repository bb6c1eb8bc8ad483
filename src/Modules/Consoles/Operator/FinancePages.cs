using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.FinanceSee)]
internal sealed class AccountsPage(Database database, Catalog.Catalog catalog, Merchants merchants, Names names) : ConsolePage
{
    public List<Option> Parties { get; private set; } = [];
    public string PartyText { get; private set; } = "";
    public Table Accounts { get; private set; } = null!;

    /// <summary>Only accounts of these kinds, separated by commas: so do figures lead here.</summary>
    public string? Kinds { get; private set; }

    public async Task OnGetAsync(string? party, string? kinds)
    {
        Title = T("账户与流水", "Accounts and entries");
        Kinds = kinds;
        Parties = [new Option("", T("平台", "Platform"))];
        Parties.AddRange((await catalog.ListSuppliersAsync()).Select(s => new Option(s.Id.ToString(), T("供应商 · ", "Supplier · ") + Language.PickOr(s.NameZh, s.NameEn))));
        Parties.AddRange((await merchants.ListAsync(new MerchantFilter(Limit: 200))).Merchants.Select(m => new Option(m.Id.ToString(), T("代理 · ", "Merchant · ") + Language.PickOr(m.NameZh, m.NameEn))));
        PartyText = party ?? "";
        var id = MerchantId.TryParse(party, out var merchant) ? merchant.Value : SupplierId.TryParse(party, out var supplier) ? supplier.Value : Ledger.Parties.Platform;
        if (!Parties.Exists(p => p.Value == PartyText)) Parties.Add(new Option(PartyText, (await names.PartiesAsync(Language))(id)));
        var (accounts, page) = await database.ReadAsync(async s =>
            (await Statements.BalancesAsync(s, id), await Statements.OfPartyAsync(s, id, EntryTables.Filter(this, string.IsNullOrEmpty(kinds) ? null : kinds.Split(',')))));
        Accounts = EntryTables.Accounts(this, accounts);
        Table = EntryTables.Entries(this, page, "/console/orders", await names.PartiesAsync(Language));
    }
}

[Needs(Permissions.FinanceSee)]
internal sealed class TrialBalancePage(Database database) : ConsolePage
{
    public List<IGrouping<string, TrialLine>> Groups { get; private set; } = [];
    public Money Debit { get; private set; }
    public Money Credit { get; private set; }
    public Money Difference => Credit - Debit;
    public bool IsBalanced => Difference.IsZero;

    public async Task OnGetAsync()
    {
        Title = T("试算平衡", "Trial balance");
        var lines = await database.ReadAsync(Statements.TrialBalanceAsync);
        foreach (var line in lines) (Debit, Credit) = (Debit + line.Debit, Credit + line.Credit);
        Groups = [.. lines.GroupBy(l => l.Kind switch
        {
            _ when l.Kind.StartsWith("clearing:", StringComparison.Ordinal) => T("在外面的钱", "Money outside"),
            AccountKinds.Receivable or AccountKinds.Payout => T("在外面的钱", "Money outside"),
            AccountKinds.Revenue or AccountKinds.Fees or AccountKinds.Marketing or AccountKinds.Bonus or AccountKinds.Loss or AccountKinds.Rounding
                or AccountKinds.Promotion => T("自己的", "Our own"),
            AccountKinds.Suspense or AccountKinds.Settling => T("途中的", "On the way"),
            _ => T("欠别人的钱", "What we owe"),
        })];
    }
}
