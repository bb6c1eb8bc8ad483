using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.Suppliers.Upstream.Core;

internal enum SignAlgorithm { Md5, Sha1, Sha256, HmacSha1, HmacSha256 }

internal enum SignForm { HexLower, HexUpper, Base64 }

/// <summary>How a message is signed: a digest of a text made of its parts. The kinds are a closed list; nothing here runs what a configuration says.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/SignExamples.cs.</remarks>
internal sealed record SignRule(SignAlgorithm Algorithm, Template Text, Template? Key, SignForm Form)
{
    public string Sign(Values values)
    {
        var text = Encoding.UTF8.GetBytes(Text.Fill(values));
        var key = Encoding.UTF8.GetBytes(Key?.Fill(values) ?? "");
        // MD5 and SHA-1 are what these protocols ask for; Lianka's own API signs with HMAC-SHA256.
#pragma warning disable CA5350, CA5351
        var digest = Algorithm switch
        {
            SignAlgorithm.Md5 => MD5.HashData(text),
            SignAlgorithm.Sha1 => SHA1.HashData(text),
            SignAlgorithm.Sha256 => SHA256.HashData(text),
            SignAlgorithm.HmacSha1 => HMACSHA1.HashData(key, text),
            _ => HMACSHA256.HashData(key, text),
        };
#pragma warning restore CA5350, CA5351
        return Form switch
        {
            SignForm.HexLower => Convert.ToHexStringLower(digest),
            SignForm.HexUpper => Convert.ToHexString(digest),
            _ => Convert.ToBase64String(digest),
        };
    }

    /// <summary>True when the one who holds the secrets made this signature. Takes the same time however much of it is right.</summary>
    public bool IsGenuine(Values values, string? signature)
    {
        var expected = Sign(values);
        // An empty secret would make a signature that anybody can make (F27).
        if (string.IsNullOrEmpty(signature) || values.Missing.Count > 0) return false;
        if (Form != SignForm.Base64) (expected, signature) = (expected.ToLowerInvariant(), signature.ToLowerInvariant());
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }
}
