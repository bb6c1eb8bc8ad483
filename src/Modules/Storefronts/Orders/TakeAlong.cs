using System.Buffers.Binary;
using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>A key that takes a browser's orders to another device of the same buyer: they stand in it, sealed for their shop and for some minutes.</summary>
/// <remarks>Held by: tests/Unit/Storefronts/TakeAlongExamples.cs.</remarks>
internal sealed class TakeAlong(IDataProtectionProvider protection, TimeProvider clock)
{
    public static readonly TimeSpan Lives = TimeSpan.FromMinutes(10);

    public string Pack(Shop shop, IReadOnlyCollection<OrderId> orders)
    {
        var bytes = new byte[8 * (orders.Count + 1)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (clock.GetUtcNow() + Lives).ToUnixTimeSeconds());
        foreach (var (i, order) in orders.Index()) BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8 * (i + 1)), order.Value);
        return WebEncoders.Base64UrlEncode(SealOf(shop).Protect(bytes));
    }

    /// <returns>Null: it is no key of this shop, or its time is over.</returns>
    public IReadOnlyList<OrderId>? Read(Shop shop, string? key)
    {
        byte[] bytes;
        try
        {
            bytes = SealOf(shop).Unprotect(WebEncoders.Base64UrlDecode(key ?? ""));
        }
        catch (Exception no) when (no is CryptographicException or FormatException)
        {
            return null;
        }

        if (clock.GetUtcNow().ToUnixTimeSeconds() >= BinaryPrimitives.ReadInt64BigEndian(bytes)) return null;
        return [.. Enumerable.Range(1, (bytes.Length / 8) - 1).Select(i => new OrderId(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8 * i))))];
    }

    private IDataProtector SealOf(Shop shop) => protection.CreateProtector("storefront orders for another device", shop.Id.ToString());
}
