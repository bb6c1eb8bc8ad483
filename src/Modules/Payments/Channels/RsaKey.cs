using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels;

/// <summary>An RSA key that signs or verifies with SHA-256 and PKCS #1 v1.5, as the Chinese channels do. Thread-safe.</summary>
/// <remarks>Held by: tests/Unit/Payments/RsaKeyExamples.cs.</remarks>
internal sealed partial class RsaKey
{
    public const int BitsMin = 2048;

    // An RSA object is not promised to be thread-safe, so each use has its own; reading the key again costs little beside the arithmetic.
    private readonly byte[] _key;
    private readonly bool _isPrivate;

    public int Bits { get; }

    private RsaKey(RSA rsa, bool isPrivate)
    {
        (_key, _isPrivate, Bits) = (isPrivate ? rsa.ExportPkcs8PrivateKey() : rsa.ExportSubjectPublicKeyInfo(), isPrivate, rsa.KeySize);
    }

    /// <summary>Reads PKCS #8 or PKCS #1, as PEM or as bare base64 the way consoles of channels show it.</summary>
    /// <returns>Null when it is no private RSA key.</returns>
    public static RsaKey? Private(string text) => Read(text, isPrivate: true,
        (rsa, der) => rsa.ImportPkcs8PrivateKey(der, out _), (rsa, der) => rsa.ImportRSAPrivateKey(der, out _));

    /// <summary>Reads a SubjectPublicKeyInfo, a PKCS #1 key or a certificate, as PEM or as bare base64.</summary>
    /// <returns>Null when it is no public RSA key.</returns>
    public static RsaKey? Public(string text) => Read(text, isPrivate: false,
        (rsa, der) => rsa.ImportSubjectPublicKeyInfo(der, out _), (rsa, der) => rsa.ImportRSAPublicKey(der, out _), (rsa, der) =>
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            using var key = certificate.GetRSAPublicKey() ?? throw new CryptographicException("Not an RSA key.");
            rsa.ImportParameters(key.ExportParameters(false));
        });

    /// <exception cref="InvalidOperationException">This is a public key.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (!_isPrivate) throw new InvalidOperationException("A public key cannot sign.");
        using var rsa = Open();
        return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <param name="signature">In base64; anything else is wrong.</param>
    public bool Verify(ReadOnlySpan<byte> data, string signature)
    {
        var bytes = new byte[1024];
        if (signature.Length is 0 or > 1024 || !Convert.TryFromBase64String(signature, bytes, out var length)) return false;
        using var rsa = Open();
        return rsa.VerifyData(data, bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>Adds to <paramref name="check"/> what is wrong with a key; an empty one is the business of who asks for it.</summary>
    public static void Check(FieldCheck check, string field, string text, bool isPrivate)
    {
        if (text.Length == 0) return;
        var key = isPrivate ? Private(text) : Public(text);
        if (key is null && isPrivate)
            check.Add(field, "bad_key", "This is not a private RSA key (PEM, PKCS #8 or PKCS #1, without a password).", "这不是 RSA 私钥（PEM，PKCS#8 或 PKCS#1，不带密码）。");
        else if (key is null)
            check.Add(field, "bad_key", "This is not a public RSA key or a certificate (PEM).", "这不是 RSA 公钥或证书（PEM）。");
        else if (key.Bits < BitsMin)
            check.Add(field, "weak_key", $"The key has {key.Bits} bits; {BitsMin} are the least.", $"密钥只有 {key.Bits} 位，至少需要 {BitsMin} 位。");
    }

    private RSA Open()
    {
        var rsa = RSA.Create();
        if (_isPrivate) rsa.ImportPkcs8PrivateKey(_key, out _);
        else rsa.ImportSubjectPublicKeyInfo(_key, out _);
        return rsa;
    }

    private static RsaKey? Read(string text, bool isPrivate, params ReadOnlySpan<Action<RSA, byte[]>> forms)
    {
        if (text.Length > 16_384) return null;
        byte[] der;
        try
        {
            der = Convert.FromBase64String(PemForm().Match(text) is { Success: true } pem ? pem.Groups["key"].Value : text);
        }
        catch (FormatException)
        {
            return null;
        }

        if (der.Length == 0) return null;
        foreach (var form in forms)
        {
            using var rsa = RSA.Create();
            try
            {
                form(rsa, der);
                return new RsaKey(rsa, isPrivate);
            }
            catch (CryptographicException)
            {
                // Of another form.
            }
        }

        return null;
    }

    [GeneratedRegex("-----BEGIN (?<label>[A-Z ]+)-----(?<key>[A-Za-z0-9+/=\\s]+)-----END \\k<label>-----", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PemForm();
}
