using Lianka.Kernel;
using Lianka.Modules.Storefronts.Core;
using Lianka.Platform.Data;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>A storefront as its visitors meet it.</summary>
public sealed record Shop
{
    public StorefrontId Id { get; init; }
    public MerchantId MerchantId { get; init; }
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string NoticeZh { get; init; } = "";
    public string NoticeEn { get; init; } = "";
    public string Brand { get; init; } = Core.Brand.Default;
    public string State { get; init; } = "open";

    public bool IsOpen => State == "open";

    public string Name(Language language) => language.PickOr(NameZh, NameEn);

    public string Notice(Language language) => language.PickOr(NoticeZh, NoticeEn);

    /// <summary>The address of a page of this shop; <paramref name="path"/> begins with a slash or is empty.</summary>
    public string Url(string path = "") => $"/s/{Slug}{path}";
}

/// <summary>Finds storefronts by the name in their address.</summary>
internal sealed class Shops(Database database)
{
    public Task<Shop?> FindAsync(string slug, CancellationToken cancel) => database.ReadAsync(
        s => s.FirstAsync<Shop>("select * from storefront where slug = @slug", new { slug }), cancel);
}
