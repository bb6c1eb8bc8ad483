using System.Security.Cryptography;
using System.Xml.Linq;
using Lianka.Kernel;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lianka.Modules.Consoles.Access;

/// <summary>Keeps the keys of session cookies and form tokens in the database, so that every node and every restart has them.</summary>
internal sealed class ProtectionKeys(Database database, TimeProvider clock) : IXmlRepository
{
    // The framework asks for keys once a day, outside any request's lock, and has no asynchronous way to ask.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        database.ReadAsync(s => s.QueryAsync<string>("select xml from protection_key order by id")).GetAwaiter().GetResult().ConvertAll(XElement.Parse);

    // Not from the id source: the framework may ask before anything else runs, and two nodes may store at once.
    public void StoreElement(XElement element, string friendlyName) =>
        database.WriteAsync(s => s.ExecuteAsync(
            "insert into protection_key (id, xml, created_at) select coalesce(max(id), 0) + 1, @Xml, @At from protection_key",
            new { Xml = element.ToString(SaveOptions.DisableFormatting), At = clock.Now() })).GetAwaiter().GetResult();
}

/// <summary>Seals the protection keys under the master key: a copy of the database alone forges no session.</summary>
internal sealed class MasterKeySeal(Settings settings) : IXmlEncryptor
{
    internal static byte[] KeyOf(Settings settings) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, settings.MasterKey, 32, info: "protection keys"u8.ToArray());

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[12 + plain.Length + 16];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var aes = new AesGcm(KeyOf(settings), 16);
        aes.Encrypt(sealedBytes.AsSpan(0, 12), plain, sealedBytes.AsSpan(12, plain.Length), sealedBytes.AsSpan(12 + plain.Length));
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(sealedBytes)), typeof(MasterKeyUnseal));
    }
}

/// <summary>Made by the framework from the name that <see cref="MasterKeySeal"/> left in the element.</summary>
internal sealed class MasterKeyUnseal(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedBytes = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[sealedBytes.Length - 28];
        using var aes = new AesGcm(MasterKeySeal.KeyOf(services.GetRequiredService<Settings>()), 16);
        aes.Decrypt(sealedBytes.AsSpan(0, 12), sealedBytes.AsSpan(12, plain.Length), sealedBytes.AsSpan(12 + plain.Length), plain);
        return XElement.Parse(System.Text.Encoding.UTF8.GetString(plain));
    }
}

internal sealed class UseDatabaseKeys(Database database, Settings settings, TimeProvider clock) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = new ProtectionKeys(database, clock);
        options.XmlEncryptor = new MasterKeySeal(settings);
    }
}
