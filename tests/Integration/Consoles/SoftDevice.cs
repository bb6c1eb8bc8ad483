using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>A device with one passkey, as far as a site sees it: WebAuthn level 3, ES256, no attestation.</summary>
internal sealed class SoftDevice : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private byte[] _owner = [];
    private uint _count = 1;

    /// <summary>Whether the device asked its owner for finger or face.</summary>
    public bool Asks { get; set; } = true;

    /// <summary>The page that asked, where it is another than the site's own.</summary>
    public string? Page { get; set; }

    /// <returns>What <c>navigator.credentials.create</c> gives, as JSON.</returns>
    public string Make(string options, Uri site)
    {
        using var asked = JsonDocument.Parse(options);
        _owner = Base64Url.DecodeFromChars(asked.RootElement.GetProperty("user").GetProperty("id").GetString());
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cose.WriteStartMap(5);
        Number(1, 2);
        Number(3, -7);
        Number(-1, 1);
        cose.WriteInt32(-2);
        cose.WriteByteString(point.X!);
        cose.WriteInt32(-3);
        cose.WriteByteString(point.Y!);
        cose.WriteEndMap();
        var made = new CborWriter(CborConformanceMode.Ctap2Canonical);
        made.WriteStartMap(3);
        made.WriteTextString("fmt");
        made.WriteTextString("none");
        made.WriteTextString("attStmt");
        made.WriteStartMap(0);
        made.WriteEndMap();
        made.WriteTextString("authData");
        made.WriteByteString([.. Head(site, 0x40), .. new byte[16], .. Big((ushort)_id.Length), .. _id, .. cose.Encode()]);
        made.WriteEndMap();
        return Answer(new
        {
            clientDataJSON = Text(ClientData("webauthn.create", asked.RootElement, site)),
            attestationObject = Text(made.Encode()),
            transports = new[] { "internal" },
        });

        void Number(int label, int value)
        {
            cose.WriteInt32(label);
            cose.WriteInt32(value);
        }
    }

    /// <returns>What <c>navigator.credentials.get</c> gives, as JSON.</returns>
    public string Show(string options, Uri site, ECDsa? forger = null)
    {
        using var asked = JsonDocument.Parse(options);
        _count++;
        var (data, head) = (ClientData("webauthn.get", asked.RootElement, site), Head(site, 0));
        return Answer(new
        {
            clientDataJSON = Text(data),
            authenticatorData = Text(head),
            signature = Text((forger ?? _key).SignData([.. head, .. SHA256.HashData(data)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            userHandle = Text(_owner),
        });
    }

    private byte[] Head(Uri site, byte more)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, _count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(site.Host)), (byte)(0x01 | (Asks ? 0x04 : 0) | more), .. count];
    }

    private static byte[] Big(ushort number) => [(byte)(number >> 8), (byte)number];

    private byte[] ClientData(string type, JsonElement asked, Uri site) => JsonSerializer.SerializeToUtf8Bytes(
        new { type, challenge = asked.GetProperty("challenge").GetString(), origin = Page ?? site.GetLeftPart(UriPartial.Authority), crossOrigin = false });

    private string Answer<T>(T response) => JsonSerializer.Serialize(
        new { id = Text(_id), rawId = Text(_id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => _key.Dispose();
}
