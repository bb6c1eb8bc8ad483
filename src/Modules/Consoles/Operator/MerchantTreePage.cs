using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Analytics;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>A merchant in the tree, with what it and everyone below it sold.</summary>
/// <param name="Below">Null: it is not opened.</param>
internal sealed record TreeBranch(MerchantEntry Merchant, int Children, Money Turnover, long Orders, IReadOnlyList<TreeBranch>? Below, int Hidden);

/// <summary>The tree of merchants by turnover, the largest branch first; a branch opens when it is asked for.</summary>
[Needs(Permissions.MerchantsSee)]
internal sealed class MerchantTreePage(PriceBooks prices, Analytics.Figures figures) : ConsolePage
{
    /// <summary>So many are shown below one; the others are found in the list.</summary>
    private const int Most = 50;

    private ILookup<MerchantId, MerchantEntry> _children = null!;
    private HashSet<MerchantId> _open = [];
    private Days _days;

    public IReadOnlyList<TreeBranch> Roots { get; private set; } = [];
    public int Hidden { get; private set; }
    public Money Largest { get; private set; }

    public async Task OnGetAsync(string? open)
    {
        Title = T("代理树", "Tree of merchants");
        Up = ("/console/merchants", T("代理", "Merchants"));
        _days = DaysChoice.DaysOf(this);
        var book = await prices.RefreshAsync();
        _children = book.Merchants.ToLookup(m => m.Parent ?? default);
        for (var at = MerchantId.TryParse(open, out var asked) ? book.Merchant(asked) : null; at is not null; at = at.Parent is { } parent ? book.Merchant(parent) : null)
            _open.Add(at.Id);
        (Roots, Hidden) = await BelowAsync(null);
        Largest = Roots.Count == 0 ? Money.Zero : Roots[0].Turnover;
        if (Roots.Count == 0)
        {
            Table = Parts.Table.Of(Roots, Title).Build();
            Table.Empty = new EmptyState(T("还没有代理", "No merchants yet"), T("代理按等级拿货，有自己的钱包、店铺和下级。", "Merchants buy by level, with a wallet, storefronts and sub-agents of their own."),
                "/console/merchants/new", T("新建代理", "New merchant"), "agents");
        }
    }

    /// <summary>Where a branch is opened, or closed again.</summary>
    public string Toggle(TreeBranch branch) => With(("open", branch.Below is null ? branch.Merchant.Id.ToString() : branch.Merchant.Parent?.ToString()));

    private async Task<(IReadOnlyList<TreeBranch> Branches, int Hidden)> BelowAsync(MerchantId? parent)
    {
        var sums = (await figures.BranchesAsync(parent, _days, int.MaxValue)).ToDictionary(b => b.Merchant);
        var all = _children[parent ?? default].ToList();
        var branches = new List<TreeBranch>();
        foreach (var m in all.OrderByDescending(m => sums.GetValueOrDefault(m.Id)?.Net.Units ?? 0).ThenByDescending(m => _open.Contains(m.Id)).ThenBy(m => m.Id).Take(Most))
        {
            var sum = sums.GetValueOrDefault(m.Id);
            var (below, hidden) = _open.Contains(m.Id) ? await BelowAsync(m.Id) : (null, 0);
            branches.Add(new TreeBranch(m, _children[m.Id].Count(), sum?.Net ?? Money.Zero, sum?.Orders ?? 0, below, hidden));
        }

        return (branches, all.Count - branches.Count);
    }
}
