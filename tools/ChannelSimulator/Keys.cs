using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Lianka.ChannelSimulator;

/// <summary>RSA keys by name, made on first use; with a folder they are the same after a restart.</summary>
internal sealed class Keys(string? folder)
{
    private readonly ConcurrentDictionary<string, Lazy<RSA>> _keys = [];

    public RSA this[string name] => _keys.GetOrAdd(name, n => new Lazy<RSA>(() => Open(n))).Value;

    public byte[] Sign(string name, byte[] data)
    {
        var key = this[name];
        lock (key) return key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public bool Verify(string name, byte[] data, byte[] signature)
    {
        var key = this[name];
        lock (key) return key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public string Private(string name) => this[name].ExportPkcs8PrivateKeyPem();

    public string Public(string name) => this[name].ExportSubjectPublicKeyInfoPem();

    private RSA Open(string name)
    {
        var file = folder is null ? null : Path.Combine(folder, name + ".pem");
        if (file is not null && File.Exists(file))
        {
            var kept = RSA.Create();
            kept.ImportFromPem(File.ReadAllText(file));
            return kept;
        }

        var made = RSA.Create(2048);
        if (file is not null)
        {
            Directory.CreateDirectory(folder!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(file, options);
            using var writer = new StreamWriter(stream);
            writer.Write(made.ExportPkcs8PrivateKeyPem());
        }

        return made;
    }
}
