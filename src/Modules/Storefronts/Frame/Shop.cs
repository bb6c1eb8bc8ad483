using Lianka.Modules.Agents;
using Lianka.Platform.Http;

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
}
