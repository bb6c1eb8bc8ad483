using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Lianka.Modules.Payments.Channels.UnionPay.Core;

/// <summary>The merchant's key, out of the PFX file that UnionPay's site gives.</summary>
internal sealed class UnionPayKey
{
    private readonly byte[] _privateKey;

    /// <summary>The serial number of its certificate, in decimal digits.</summary>
    public string CertId { get; }

    private UnionPayKey(byte[] privateKey, string certId) => (_privateKey, CertId) = (privateKey, certId);

    /// <param name="pfx">Base64 of the file.</param>
    /// <returns>Null when it cannot be opened with this password, or holds no RSA key of 2,048 bits or more.</returns>
    public static UnionPayKey? TryOpen(string pfx, string password)
    {
        if (UnionPayMessage.Bytes(pfx) is not { Length: > 0 } bytes) return null;
        try
        {
            using var certificate = X509CertificateLoader.LoadPkcs12(bytes, password, X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable);
            using var rsa = certificate.GetRSAPrivateKey();
            if (rsa is null || rsa.KeySize < 2048) return null;
            return new UnionPayKey(rsa.ExportPkcs8PrivateKey(), new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true).ToString());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Adds the certificate's number and the signature.</summary>
    public Dictionary<string, string> Signed(Dictionary<string, string> fields)
    {
        fields["certId"] = CertId;
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(_privateKey, out _);
        var digest = Encoding.ASCII.GetBytes(UnionPayMessage.Digest(fields));
        fields[UnionPayMessage.Signature] = Convert.ToBase64String(rsa.SignData(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return fields;
    }
}
