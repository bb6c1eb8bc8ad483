using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Lianka.Platform;

/// <summary>A setting cannot be used; the message names it and says why.</summary>
public sealed class SettingException(string message) : Exception(message);

/// <summary>The settings promised to operators (environment, or appsettings.json with the same names).</summary>
public sealed record Settings(string DataFolder, string Urls, string Database, string Scenario, byte[] MasterKey)
{
    public bool IsSqlite => Database == "sqlite";

    /// <summary>LIANKA_BEHIND_PROXY=true: a proxy on this machine tells the caller's address and scheme (X-Forwarded-*).</summary>
    public bool BehindProxy { get; init; }

    /// <summary>LIANKA_PATH_PREFIX=/lianka: a proxy hands this path of its host, and all below it, to this node as it is asked for. Empty: the node has its host for itself.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>LIANKA_UNSAFE_DATABASE=allow: serve although the database may lose commits. For development and tests only.</summary>
    public bool AllowsUnsafeDatabase { get; init; }

    /// <summary>LIANKA_PRIVATE_CALLS=allow: suppliers' systems may stand on this machine or in its own network.</summary>
    public bool AllowsPrivateCalls { get; init; }

    /// <summary>Reads and checks all settings; makes the data folder and, when none is given, the master key.</summary>
    /// <exception cref="SettingException">A value is not usable.</exception>
    public static Settings Read(IConfiguration configuration, Action<string> warn)
    {
        var data = Path.GetFullPath(Text("LIANKA_DATA", "./data"));
        Directory.CreateDirectory(data);
        var database = Text("LIANKA_DATABASE", "sqlite");
        if (database != "sqlite" && !database.Contains('='))
            throw new SettingException("LIANKA_DATABASE must be 'sqlite' or a PostgreSQL connection string.");
        return new Settings(data, Text("LIANKA_URLS", "http://127.0.0.1:5080"), database, Text("LIANKA_SCENARIO", "none"),
            MasterKeyOf(configuration["LIANKA_MASTER_KEY"], Path.Combine(data, "master.key"), warn))
        {
            BehindProxy = Flag("LIANKA_BEHIND_PROXY"),
            PathPrefix = Prefix(Text("LIANKA_PATH_PREFIX", "").TrimEnd('/')),
            AllowsUnsafeDatabase = Allowed("LIANKA_UNSAFE_DATABASE"),
            AllowsPrivateCalls = Allowed("LIANKA_PRIVATE_CALLS"),
        };

        string Text(string name, string fallback) =>
            configuration[name] is { Length: > 0 } value ? value : fallback;

        string Prefix(string given) => given.Length == 0 || Http.PathPrefix.IsUsable(given)
            ? given : throw new SettingException("LIANKA_PATH_PREFIX must be a path such as /lianka: letters, digits, . _ ~ and -.");

        bool Allowed(string name) => Text(name, "refuse") switch
        {
            "refuse" => false,
            "allow" => true,
            _ => throw new SettingException($"{name} must be refuse or allow."),
        };

        bool Flag(string name) => Text(name, "false") switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new SettingException($"{name} must be true or false."),
        };
    }

    private static byte[] MasterKeyOf(string? given, string file, Action<string> warn)
    {
        if (!string.IsNullOrEmpty(given)) return Decode(given, "LIANKA_MASTER_KEY");
        if (File.Exists(file)) return Decode(File.ReadAllText(file).Trim(), file);
        var key = RandomNumberGenerator.GetBytes(32);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(file, options)) writer.WriteLine(Convert.ToBase64String(key));
        warn($"A new master key was made and kept in {file}. Without it no card can be opened: keep a copy elsewhere.");
        return key;
    }

    private static byte[] Decode(string text, string source)
    {
        var bytes = new byte[48];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == 32
            ? bytes[..32]
            : throw new SettingException($"{source} must be 32 bytes in base64.");
    }
}
