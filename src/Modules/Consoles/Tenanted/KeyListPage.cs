using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>API keys of one merchant or supplier. A secret is shown once, in the answer that made it.</summary>
internal abstract class KeyListPage(ApiKeys keys) : ConsolePage
{
    /// <summary>Whose keys; null when the viewer may not see them.</summary>
    protected abstract Task<KeyOwner?> OwnerAsync();

    public NewApiKey? Fresh { get; private set; }
    public List<ApiKeyLine> Keys { get; private set; } = [];

    /// <summary>Where the role's pages stand.</summary>
    protected abstract string Root { get; }

    /// <summary>What can be done to chosen keys.</summary>
    public IReadOnlyList<RowAction> Choices => Array.FindAll(TenantDeeds.OfKeys(Root, Language), a => MayOpen(a.Href));

    /// <summary>What names a key among chosen rows.</summary>
    public string Chosen(ApiKeyLine key) => TenantDeeds.KeyOf(_owner, key);

    private KeyOwner _owner;

    public static string Id(ApiKeyLine key) => PublicId.Encode(key.Id);

    private static string Field(string scope) => scope.Replace(':', '_');

    private static (string Zh, string En) Words(string scope) => scope switch
    {
        ApiScopes.OrdersWrite => ("下单、取消", "Place and cancel orders"),
        ApiScopes.OrdersRead => ("查订单和商品", "Read orders and goods"),
        ApiScopes.CardsRead => ("看卡密", "Read codes"),
        ApiScopes.AccountRead => ("查余额和流水", "Read balance and entries"),
        ApiScopes.SupplyRead => ("查货源、资质和导入结果", "Read supplies, standing and imports"),
        ApiScopes.StockWrite => ("导入卡密、改进价", "Send cards in, change costs"),
        ApiScopes.Deliver => ("查待发货、发货", "See what is to be delivered, and deliver"),
        ApiScopes.MoneyRead => ("查货款和对账单", "Read money and statements"),
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "A scope without words."),
    };

    /// <summary>What a key may do, in words.</summary>
    public string ScopesOf(ApiKeyLine key) => string.Join(T("；", "; "), key.Scopes.Select(s => T(Words(s).Zh, Words(s).En)));

    private async Task<KeyOwner?> LoadAsync()
    {
        if (await OwnerAsync() is not { } owner) return null;
        _owner = owner;
        Title = T("接口密钥", "API keys");
        Keys = await keys.ListAsync(owner);
        Form = new Form(Language) { Submit = T("新建密钥", "Make a key") }
            .Section("新建密钥", "A new key")
            .Text("name", "用在哪里", "What it is for", optional: true, max: 80).Hint("例如 ERP 正式环境", "Such as ERP, production")
            .Text("allowed_ips", "只允许这些 IP", "Only from these addresses", optional: true, max: 1000).Hint("用空格隔开，可以写网段；不填就不限", "Separated by blanks, networks allowed; empty: from everywhere");
        foreach (var scope in owner.Scopes) Form.Check(Field(scope), $"{Words(scope).Zh}（{scope}）", $"{Words(scope).En} ({scope})").Fill(Field(scope), "on");
        return owner;
    }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() is null ? NotFound() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is not { } owner) return NotFound();
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new ApiKeyDraft
        {
            Name = Form["name"], AllowedIps = Form["allowed_ips"],
            Scopes = [.. owner.Scopes.Where(s => Form.IsChecked(Field(s)))],
        };
        if (!Took(await keys.CreateAsync(owner, draft), out var made)) return Again();
        await RecordAsync("key.create", made.Line.Key);
        Response.Headers.CacheControl = "no-store";
        await LoadAsync();
        Fresh = made;
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(string? key)
    {
        if (await OwnerAsync() is not { } owner || !PublicId.TryDecode(key, out var id)) return NotFound();
        if (await keys.RevokeAsync(owner, id) is not AgentsDecision<ApiKeyLine>.Saved saved) return NotFound();
        await RecordAsync("key.revoke", saved.Value.Key);
        return Done(Request.Path, "密钥已作废", "The key is revoked");
    }
}
