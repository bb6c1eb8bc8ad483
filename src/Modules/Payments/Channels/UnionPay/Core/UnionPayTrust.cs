using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Lianka.Modules.Payments.Channels.UnionPay.Core;

/// <summary>Whether a message comes from UnionPay: its certificate is in the message, and counts when it leads to the configured root.</summary>
/// <remarks>A new certificate of UnionPay's is therefore accepted without anybody doing anything (F31).</remarks>
internal sealed class UnionPayTrust(string root, string middle, bool isInEarnest)
{
    /// <summary>The owner stands in the common name, between the second and the third @.</summary>
    private const string Company = "中国银联股份有限公司";

    /// <summary>What the owner's place holds in certificates of the test environment.</summary>
    private const string TestOwner = "00040000:SIGN";

    /// <returns>Null when it is not a certificate.</returns>
    public static X509Certificate2? TryRead(string pem)
    {
        try
        {
            return PemEncoding.TryFind(pem, out var found) && pem[found.Label] == "CERTIFICATE" && UnionPayMessage.Bytes(pem[found.Base64Data]) is { } bytes
                ? X509CertificateLoader.LoadCertificate(bytes) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public bool IsGenuine(IReadOnlyDictionary<string, string> fields, DateTimeOffset now)
    {
        if (!fields.TryGetValue(UnionPayMessage.Signature, out var signature) || UnionPayMessage.Bytes(signature) is not { Length: > 0 } sign) return false;
        if (!fields.TryGetValue(UnionPayMessage.Certificate, out var pem)) return false;
        using var certificate = TryRead(pem);
        if (certificate is null || !IsOwned(certificate) || !IsChained(certificate, now)) return false;
        using var rsa = certificate.GetRSAPublicKey();
        return rsa is not null && rsa.VerifyData(Encoding.ASCII.GetBytes(UnionPayMessage.Digest(fields)), sign, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private bool IsOwned(X509Certificate2 certificate)
    {
        var owner = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false).Split('@') is { Length: > 2 } parts ? parts[2] : "";
        return owner == Company || (!isInEarnest && owner == TestOwner);
    }

    private bool IsChained(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var rootCertificate = TryRead(root);
        using var middleCertificate = TryRead(middle);
        if (rootCertificate is null || middleCertificate is null) return false;
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true } };
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.CustomTrustStore.Add(rootCertificate);
        chain.ChainPolicy.ExtraStore.Add(middleCertificate);
        var isChained = chain.Build(certificate);
        foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        return isChained;
    }
}
