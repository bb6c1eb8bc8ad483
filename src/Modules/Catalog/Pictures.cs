using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>A picture of goods.</summary>
public sealed record Picture
{
    /// <summary>The first 32 hexadecimal digits of the SHA-256 of its content: its name, and in its address.</summary>
    public required string Hash { get; init; }
    public required string MediaType { get; init; }
    public required long Width { get; init; }
    public required long Height { get; init; }
    public required byte[] Content { get; init; }
    public required string AddedBy { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>How large a picture may be, in bytes and in pixels a side.</summary>
public sealed record PictureLimits(int BytesMax, int SideMin, int SideMax)
{
    /// <summary>Of goods: many times what a tile or a phone's width needs.</summary>
    public static readonly PictureLimits Goods = new(1 << 20, 64, 2_000);

    /// <summary>A photo or a screen of a phone, with something on it that has to be read.</summary>
    public static readonly PictureLimits Slip = new(4 << 20, 64, 6_000);
}

/// <summary>Pictures of goods, kept once each by what they hold. Buyers see one as soon as a product carries it, and never before.</summary>
/// <remarks>Held by: tests/Integration/Onboarding/PictureTests.cs.</remarks>
public sealed class Pictures(Database database, TimeProvider clock)
{
    /// <summary>Any picture, for those who review it.</summary>
    public Task<Picture?> FindAsync(string hash, CancellationToken cancel = default) => database.ReadAsync(s => s.FirstAsync<Picture>(
        "select hash, media_type, width, height, content, added_by, added_at from picture where hash = @hash", new { hash }), cancel);

    /// <summary>A picture that some product carries, for everybody; null for any other.</summary>
    public Task<Picture?> FindPassedAsync(string hash, CancellationToken cancel = default) => database.ReadAsync(s => s.FirstAsync<Picture>(
        """
        select hash, media_type, width, height, content, added_by, added_at from picture
        where hash = @hash and exists (select 1 from product p where p.picture = @hash)
        """, new { hash }), cancel);

    /// <summary>Reads a picture as it was sent in; what it says beside its pixels is left out.</summary>
    /// <param name="limits">Null: those of goods.</param>
    public CatalogDecision<Picture> Read(byte[] content, string actor, PictureLimits? limits = null)
    {
        var (clean, error) = PictureRules.Clean(content, limits);
        return clean is null ? new CatalogDecision<Picture>.Refused([error!]) : new CatalogDecision<Picture>.Saved(new Picture
        {
            Hash = Convert.ToHexStringLower(SHA256.HashData(clean.Content))[..32], MediaType = clean.MediaType, Width = clean.Width, Height = clean.Height,
            Content = clean.Content, AddedBy = actor, AddedAt = clock.Now(),
        });
    }

    /// <summary>Keeps it, for whoever reviews it.</summary>
    public static Task KeepAsync(Session session, Picture picture) => session.ExecuteAsync(
        """
        insert into picture (hash, media_type, width, height, content, added_by, added_at)
        values (@Hash, @MediaType, @Width, @Height, @Content, @AddedBy, @AddedAt) on conflict do nothing
        """, picture);

    /// <summary>The operator's own: kept, and carried by the product at once.</summary>
    public Task<bool> SetAsync(ProductId product, Picture picture, CancellationToken cancel = default) => database.WriteAsync(async s =>
    {
        await KeepAsync(s, picture);
        return await PutAsync(s, product, picture.Hash);
    }, cancel);

    public Task<bool> RemoveAsync(ProductId product, CancellationToken cancel = default) => database.WriteAsync(s => PutAsync(s, product, null), cancel);

    /// <summary>Has a product carry a picture that is kept: what a person passed.</summary>
    /// <returns>False when there is no such product.</returns>
    public async Task<bool> PutAsync(Session session, ProductId product, string? hash)
    {
        if (await session.ExecuteAsync("update product set picture = @hash, updated_at = @Now where id = @product", new { product, hash, Now = clock.Now() }) == 0) return false;
        await CatalogWrites.BumpAsync(session);
        return true;
    }
}
