using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Core;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>A storefront as its visitors meet it.</summary>
public sealed record Shop(Storefront Storefront)
{
    public StorefrontId Id => Storefront.Id;
    public MerchantId MerchantId => Storefront.Merchant;
    public string Slug => Storefront.Slug;
    public string Brand => Storefront.Brand;
    public bool IsOpen => Storefront.IsOpen;

    public string Name(Language language) => language.PickOr(Storefront.NameZh, Storefront.NameEn);

    public string Notice(Language language) => language.PickOr(Storefront.NoticeZh, Storefront.NoticeEn);

    /// <summary>The address of a page of this shop; <paramref name="path"/> begins with a slash or is empty.</summary>
    public string Url(string path = "") => $"/s/{Slug}{path}";

    /// <summary>The whole address of a page, as others may keep it.</summary>
    public string Address(HttpContext http, string path = "") => $"{http.Request.Scheme}://{http.Request.Host}{Url(path)}";

    /// <summary>Another colour is another address.</summary>
    public string Icon(int size) => Url($"/icon-{size}.png?v={Core.Brand.Safe(Brand)[1..]}");
}
