using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.Payments.Channels.WeChat.Core;

/// <summary>Opens what WeChat Pay has sealed with the merchant's APIv3 key: AES-256-GCM, the tag behind the text.</summary>
internal static class WeChatSeal
{
    private const int TagBytes = 16;

    /// <param name="keys">The APIv3 keys in force, of 32 bytes each: two while one takes over from the other.</param>
    /// <returns>Null when none of the keys opens it.</returns>
    public static byte[]? Open(IEnumerable<byte[]> keys, WeChatResource? resource)
    {
        if (resource is not { Algorithm: "AEAD_AES_256_GCM", Nonce.Length: 12, Ciphertext.Length: > 0 }) return null;
        var packed = new byte[resource.Ciphertext.Length];
        if (!Convert.TryFromBase64String(resource.Ciphertext, packed, out var length) || length < TagBytes) return null;
        var nonce = Encoding.UTF8.GetBytes(resource.Nonce);
        if (nonce.Length != 12) return null;
        var about = Encoding.UTF8.GetBytes(resource.AssociatedData ?? "");
        foreach (var key in keys)
        {
            var plain = new byte[length - TagBytes];
            using var cipher = new AesGcm(key, TagBytes);
            try
            {
                cipher.Decrypt(nonce, packed.AsSpan(0, plain.Length), packed.AsSpan(plain.Length, TagBytes), plain, about);
                return plain;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Sealed with the other key, or by nobody who has one.
            }
        }

        return null;
    }
}
