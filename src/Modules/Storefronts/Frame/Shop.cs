using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Core;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>A storefront as its visitors meet it.</summary>
/// <param name="IsAtOwnHost">This request came by the shop's own domain: its pages stand there from the root.</param>
public sealed record Shop(Storefront Storefront, bool IsAtOwnHost)
{
    public static Shop Of(HttpContext http, Storefront storefront) => new(storefront, OwnHost.Of(http)?.Shop == storefront.Id);

    public StorefrontId Id => Storefront.Id;
    public MerchantId MerchantId => Storefront.Merchant;
    public string Slug => Storefront.Slug;
    public string Brand => Storefront.Brand;
    public string Theme => Storefront.Theme;
    public bool IsOpen => Storefront.IsOpen;
    public string Contact => Storefront.Contact;

    public string Name(Language language) => language.PickOr(Storefront.NameZh, Storefront.NameEn);

    public string Notice(Language language) => language.PickOr(Storefront.NoticeZh, Storefront.NoticeEn);

    /// <summary>The address of a page of this shop; <paramref name="path"/> begins with a slash or is empty.</summary>
    public string Url(string path = "") => !IsAtOwnHost ? $"/s/{Slug}{path}" : path.Length > 0 ? path : "/";

    /// <summary>The whole address of a page, as others may keep it: at the shop's own domain where it has one.</summary>
    public string Address(HttpContext http, string path = "") => Storefront.AddressAt(PathPrefix.Origin(http), path);

    /// <summary>What stands before the paths of <see cref="Address"/>.</summary>
    public string Origin(HttpContext http) => Storefront.OriginAt(PathPrefix.Origin(http));

    /// <summary>Another colour is another address.</summary>
    public string Icon(int size) => Url($"/icon-{size}.png?v={Core.Brand.Safe(Brand)[1..]}");
}
