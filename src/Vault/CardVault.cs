using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.Vault;

/// <summary>A secret cannot be opened: the key is not here, or the bytes were changed.</summary>
public sealed class SealBrokenException(string message) : Exception(message);

/// <summary>A data key as it stands in the database: wrapped by the master key.</summary>
public sealed record WrappedKey(int Id, byte[] Wrapped);

/// <summary>Seals and opens secrets with AES-256-GCM under data keys, which the master key wraps.</summary>
/// <remarks>
/// Sealed form: 1 byte version (1), 4 bytes key id (big endian), 12 bytes nonce, ciphertext, 16 bytes tag. The context
/// (which card, which API key) is authenticated with it, so a sealed text moved to another row does not open.
/// A random nonce is safe for 2^32 messages under one key (NIST SP 800-38D); keys rotate long before.
/// Thread-safe. Held by: tests/Unit/Vault/CardVaultExamples.cs.
/// </remarks>
public sealed class CardVault : IDisposable
{
    private const byte Version = 1;
    private const int KeySize = 32, NonceSize = 12, TagSize = 16, HeadSize = 5;

    private readonly Dictionary<int, byte[]> _keys = [];
    private readonly int _sealing;
    private readonly byte[] _fingerprintKey;

    /// <param name="masterKey">32 bytes. Wraps the data keys and gives the fingerprint key; it seals no secret itself.</param>
    /// <param name="keys">Every data key that still has to open something; the highest id seals.</param>
    /// <exception cref="SealBrokenException">A data key does not open with this master key.</exception>
    public CardVault(ReadOnlySpan<byte> masterKey, IReadOnlyCollection<WrappedKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, KeySize);
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        var wrapping = Derive(masterKey, "lianka data-key wrapping");
        _fingerprintKey = Derive(masterKey, "lianka fingerprints");
        foreach (var key in keys)
            _keys[key.Id] = OpenWith(wrapping, key.Wrapped, WrapContext(key.Id));
        _sealing = _keys.Keys.Max();
        CryptographicOperations.ZeroMemory(wrapping);
    }

    /// <summary>Makes a new data key, wrapped for the database.</summary>
    public static WrappedKey NewKey(ReadOnlySpan<byte> masterKey, int id)
    {
        var wrapping = Derive(masterKey, "lianka data-key wrapping");
        var key = RandomNumberGenerator.GetBytes(KeySize);
        try
        {
            return new WrappedKey(id, SealWith(wrapping, id, key, WrapContext(id)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(wrapping);
        }
    }

    public byte[] Seal(string plain, string context) =>
        SealWith(_keys[_sealing], _sealing, Encoding.UTF8.GetBytes(plain), Encoding.UTF8.GetBytes(context));

    /// <exception cref="SealBrokenException">Unknown key, changed bytes, or another context.</exception>
    public string Open(ReadOnlySpan<byte> sealedBytes, string context)
    {
        if (sealedBytes.Length < HeadSize + NonceSize + TagSize || sealedBytes[0] != Version)
            throw new SealBrokenException("Not a sealed secret.");
        var id = BinaryPrimitives.ReadInt32BigEndian(sealedBytes[1..]);
        if (!_keys.TryGetValue(id, out var key)) throw new SealBrokenException($"Data key {id} is not here.");
        return Encoding.UTF8.GetString(OpenWith(key, sealedBytes, Encoding.UTF8.GetBytes(context)));
    }

    /// <summary>A keyed digest (16 bytes of HMAC-SHA256) by which equal secrets are found without opening them.</summary>
    public byte[] Fingerprint(string plain, string scope) =>
        HMACSHA256.HashData(_fingerprintKey, Encoding.UTF8.GetBytes($"{scope}\n{plain}"))[..16];

    private static byte[] SealWith(byte[] key, int keyId, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var output = new byte[HeadSize + NonceSize + plain.Length + TagSize];
        output[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(output.AsSpan(1), keyId);
        var nonce = output.AsSpan(HeadSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, output.AsSpan(HeadSize + NonceSize, plain.Length), output.AsSpan(output.Length - TagSize), context);
        return output;
    }

    private static byte[] OpenWith(byte[] key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> context)
    {
        if (input.Length < HeadSize + NonceSize + TagSize) throw new SealBrokenException("Not a sealed secret.");
        var plain = new byte[input.Length - HeadSize - NonceSize - TagSize];
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(input.Slice(HeadSize, NonceSize), input[(HeadSize + NonceSize)..^TagSize], input[^TagSize..], plain, context);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealBrokenException("The secret was changed, moved, or sealed under another key.");
        }
    }

    private static byte[] WrapContext(int id) => Encoding.UTF8.GetBytes($"data-key:{id}");

    private static byte[] Derive(ReadOnlySpan<byte> masterKey, string purpose)
    {
        var output = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, output, salt: [], info: Encoding.UTF8.GetBytes(purpose));
        return output;
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values) CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(_fingerprintKey);
    }
}
