using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels.UnionPay.Core;

namespace Lianka.Tests.CrossCheck;

internal static class UnionPayOps
{
    public static void Add(Dictionary<string, Func<JsonNode, JsonObject>> ops)
    {
        ops["unionpay.sign"] = asked =>
            new() { ["fields"] = new JsonObject(UnionPayKey.TryOpen((string)asked["pfx"]!, (string)asked["password"]!)!.Signed(EpayOps.Fields(asked)).Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))) };
        ops["unionpay.verify"] = asked => new() { ["ok"] = new UnionPayTrust((string)asked["root"]!, (string)asked["middle"]!, isInEarnest: false).IsGenuine(EpayOps.Fields(asked), DateTimeOffset.UtcNow) };
        ops["unionpay.read"] = asked => new() { ["fields"] = UnionPayMessage.ReadAnswer((string)asked["text"]!) is { } fields ? new JsonObject(fields.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))) : null };
        // Node has nothing that makes certificates.
        ops["unionpay.authority"] = _ => Authority();
    }

    private static JsonObject Authority()
    {
        using var rootKey = RSA.Create(2048);
        using var root = Request("CN=Root", rootKey, true).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
        using var middle = Issued("CN=Middle", root, true, 1);
        using var signing = Issued("CN=041@Z12@00040000:SIGN@00000001", middle, false, 2);
        using var merchant = Issued("CN=Merchant", middle, false, 3);
        using var key = signing.GetRSAPrivateKey()!;
        return new()
        {
            ["root"] = root.ExportCertificatePem(), ["middle"] = middle.ExportCertificatePem(), ["cert"] = signing.ExportCertificatePem(), ["key"] = key.ExportPkcs8PrivateKeyPem(),
            ["pfx"] = Convert.ToBase64String(merchant.Export(X509ContentType.Pfx, "000000")), ["merchant_cert"] = merchant.ExportCertificatePem(),
        };
    }

    // Ends with its issuer: a second may pass between two certificates, and none may outlive the one above it.
    private static X509Certificate2 Issued(string name, X509Certificate2 by, bool isAuthority, byte serial)
    {
        using var key = RSA.Create(2048);
        using var made = Request(name, key, isAuthority).Create(by, DateTimeOffset.UtcNow.AddDays(-1), new DateTimeOffset(by.NotAfter), [0x51, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, serial]);
        return made.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string name, RSA key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}
