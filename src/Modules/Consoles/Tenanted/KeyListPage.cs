using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>API keys of one merchant. A secret is shown once, in the answer that made it.</summary>
internal abstract class KeyListPage(ApiKeys keys) : ConsolePage
{
    /// <summary>Whose keys; null when the viewer may not see them.</summary>
    protected abstract Task<MerchantId?> OwnerAsync();

    public NewApiKey? Fresh { get; private set; }
    public List<ApiKeyLine> Keys { get; private set; } = [];

    public static string Id(ApiKeyLine key) => PublicId.Encode(key.Id);

    private async Task<MerchantId?> LoadAsync()
    {
        if (await OwnerAsync() is not { } owner) return null;
        Title = T("接口密钥", "API keys");
        Keys = await keys.ListAsync(owner);
        Form = new Form(Language) { Submit = T("新建密钥", "Make a key") }
            .Section("新建密钥", "A new key")
            .Text("name", "用在哪里", "What it is for", optional: true, max: 80).Hint("例如 ERP 正式环境", "Such as ERP, production")
            .Text("allowed_ips", "只允许这些 IP", "Only from these addresses", optional: true, max: 1000).Hint("用空格隔开，可以写网段；不填就不限", "Separated by blanks, networks allowed; empty: from everywhere")
            .Check("orders_write", "下单、取消", "Place and cancel orders").Fill("orders_write", "on")
            .Check("orders_read", "查订单和商品", "Read orders and goods").Fill("orders_read", "on")
            .Check("cards_read", "看卡密", "Read codes").Fill("cards_read", "on")
            .Check("account_read", "查余额和流水", "Read balance and entries").Fill("account_read", "on");
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
            Scopes = [.. ApiScopes.All.Where(s => Form.IsChecked(s.Replace(':', '_')))],
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
