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

    /// <summary>Bytes by which a sealed secret is longer than its text in UTF-8.</summary>
    public const int SealSize = HeadSize + NonceSize + TagSize;

    private readonly byte[] _wrapping, _fingerprintKey;
    private volatile Keyring _ring;

    private sealed record Keyring(IReadOnlyDictionary<int, byte[]> Keys, int Sealing);

    /// <param name="masterKey">32 bytes. Wraps the data keys and gives the fingerprint key; it seals no secret itself.</param>
    /// <param name="keys">Every data key that still has to open something.</param>
    /// <param name="sealing">The id of the one that seals; null: the highest.</param>
    /// <exception cref="SealBrokenException">A data key does not open with this master key.</exception>
    public CardVault(ReadOnlySpan<byte> masterKey, IReadOnlyCollection<WrappedKey> keys, int? sealing = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, KeySize);
        _wrapping = Derive(masterKey, "lianka data-key wrapping");
        _fingerprintKey = Derive(masterKey, "lianka fingerprints");
        _ring = RingOf(keys, sealing);
    }

    /// <summary>Takes the data keys as they stand now, after a rotation by this or another node.</summary>
    /// <exception cref="SealBrokenException">A data key does not open with this master key; the vault stays as it was.</exception>
    public void Learn(IReadOnlyCollection<WrappedKey> keys, int sealing) => _ring = RingOf(keys, sealing);

    /// <summary>The id of the data key that seals at present.</summary>
    public int SealingKey => _ring.Sealing;

    /// <summary>The id of the data key under which something was sealed.</summary>
    public static int KeyOf(ReadOnlySpan<byte> sealedBytes) => BinaryPrimitives.ReadInt32BigEndian(sealedBytes[1..]);

    /// <summary>Whether the data key is here under which something was sealed.</summary>
    public bool HasKeyOf(ReadOnlySpan<byte> sealedBytes) => _ring.Keys.ContainsKey(KeyOf(sealedBytes));

    private Keyring RingOf(IReadOnlyCollection<WrappedKey> keys, int? sealing)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        var opened = keys.ToDictionary(k => k.Id, k => OpenWith(_wrapping, k.Wrapped, WrapContext(k.Id)));
        var id = sealing ?? opened.Keys.Max();
        return opened.ContainsKey(id) ? new Keyring(opened, id) : throw new ArgumentOutOfRangeException(nameof(sealing));
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

    public byte[] Seal(string plain, string context) => Seal(Encoding.UTF8.GetBytes(plain), context);

    /// <summary>For what is not text: a file.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, string context)
    {
        var ring = _ring;
        return SealWith(ring.Keys[ring.Sealing], ring.Sealing, plain, Encoding.UTF8.GetBytes(context));
    }

    /// <summary>For many cards one after the other: the same results as <see cref="Seal(string, string)"/> and <see cref="Fingerprint"/>.</summary>
    public BulkSealer Bulk()
    {
        var ring = _ring;
        return new BulkSealer(ring.Keys[ring.Sealing], ring.Sealing, _fingerprintKey);
    }

    /// <summary>Keeps its ciphers and buffers between cards, where making them costs more than using them. Not thread-safe.</summary>
    public sealed class BulkSealer : IDisposable
    {
        /// <summary>Nonces drawn at once: asking the generator costs more than its bytes.</summary>
        private const int NoncesAtOnce = 1_024;

        private readonly AesGcm _aes;
        private readonly IncrementalHash _hash;
        private readonly int _keyId;
        private readonly byte[] _nonces = new byte[NoncesAtOnce * NonceSize];
        private int _nonce = NoncesAtOnce;
        private byte[] _plain = new byte[256], _context = new byte[256];

        internal BulkSealer(byte[] key, int keyId, byte[] fingerprintKey)
        {
            _aes = new AesGcm(key, TagSize);
            _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, fingerprintKey);
            _keyId = keyId;
        }

        /// <summary>Writes one sealed secret.</summary>
        /// <param name="output">Has room for the text in UTF-8 and <see cref="SealSize"/>.</param>
        public void Seal(ReadOnlySpan<byte> plain, string context, Span<byte> output)
        {
            if (_nonce == NoncesAtOnce)
            {
                RandomNumberGenerator.Fill(_nonces);
                _nonce = 0;
            }

            SealWith(_aes, _keyId, plain, Utf8(context, ref _context), _nonces.AsSpan(_nonce++ * NonceSize, NonceSize), output);
        }

        public UInt128 Fingerprint(string plain, string scope)
        {
            _hash.AppendData(Utf8(scope, ref _context));
            _hash.AppendData("\n"u8);
            _hash.AppendData(Utf8(plain, ref _plain));
            Span<byte> digest = stackalloc byte[32];
            _hash.GetHashAndReset(digest);
            return BinaryPrimitives.ReadUInt128BigEndian(digest);
        }

        private static ReadOnlySpan<byte> Utf8(string text, ref byte[] buffer)
        {
            if (buffer.Length < text.Length * 3) buffer = new byte[text.Length * 3];
            return buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
        }

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(_plain);
            _aes.Dispose();
            _hash.Dispose();
        }
    }

    /// <exception cref="SealBrokenException">Unknown key, changed bytes, or another context.</exception>
    public string Open(ReadOnlySpan<byte> sealedBytes, string context) => Encoding.UTF8.GetString(OpenBytes(sealedBytes, context));

    /// <exception cref="SealBrokenException">Unknown key, changed bytes, or another context.</exception>
    public byte[] OpenBytes(ReadOnlySpan<byte> sealedBytes, string context)
    {
        if (sealedBytes.Length < SealSize || sealedBytes[0] != Version)
            throw new SealBrokenException("Not a sealed secret.");
        var id = BinaryPrimitives.ReadInt32BigEndian(sealedBytes[1..]);
        if (!_ring.Keys.TryGetValue(id, out var key)) throw new SealBrokenException($"Data key {id} is not here.");
        return OpenWith(key, sealedBytes, Encoding.UTF8.GetBytes(context));
    }

    /// <summary>A keyed digest (16 bytes of HMAC-SHA256) by which equal secrets are found without opening them.</summary>
    public byte[] Fingerprint(string plain, string scope) =>
        HMACSHA256.HashData(_fingerprintKey, Encoding.UTF8.GetBytes($"{scope}\n{plain}"))[..16];

    private static byte[] SealWith(byte[] key, int keyId, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        using var aes = new AesGcm(key, TagSize);
        return SealWith(aes, keyId, plain, context);
    }

    private static byte[] SealWith(AesGcm aes, int keyId, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var output = new byte[plain.Length + SealSize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        RandomNumberGenerator.Fill(nonce);
        SealWith(aes, keyId, plain, context, nonce, output);
        return output;
    }

    private static void SealWith(
        AesGcm aes, int keyId, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context, ReadOnlySpan<byte> nonce, Span<byte> output)
    {
        output[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(output[1..], keyId);
        nonce.CopyTo(output[HeadSize..]);
        aes.Encrypt(nonce, plain, output.Slice(HeadSize + NonceSize, plain.Length), output[^TagSize..], context);
    }

    private static byte[] OpenWith(byte[] key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> context)
    {
        if (input.Length < SealSize) throw new SealBrokenException("Not a sealed secret.");
        var plain = new byte[input.Length - SealSize];
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
        foreach (var key in _ring.Keys.Values) CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(_wrapping);
        CryptographicOperations.ZeroMemory(_fingerprintKey);
    }
}
