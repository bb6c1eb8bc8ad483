using Lianka.Kernel;

namespace Lianka.Modules.Suppliers;

public enum ConnectionState { Active, Off }

/// <summary>How calls to a supplier's system are made: by data, or by code of its own.</summary>
public static class UpstreamAdapters
{
    public const string Http = "http";
    public const string Reloadly = "reloadly";
}

/// <summary>One way to one supplier's system. Its secrets are not in it.</summary>
public sealed record Connection
{
    public long Id { get; init; }
    public SupplierId SupplierId { get; init; }
    public string Name { get; init; } = "";
    public string Adapter { get; init; } = "";
    public string BaseUrl { get; init; } = "";

    /// <summary>JSON, see docs/upstreams.md.</summary>
    public string Config { get; init; } = "";

    /// <summary>Stands in the address its notices come to; hard to guess, and no secret to its supplier.</summary>
    public string NoticeKey { get; init; } = "";
    public ConnectionState State { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    public string PublicId => Kernel.PublicId.Encode(Id);
    public string NoticePath => $"/upstream/{NoticeKey}";
}

/// <summary>What a form or a scenario says about a connection, unchecked.</summary>
public sealed record ConnectionDraft
{
    public SupplierId SupplierId { get; init; }
    public string Name { get; init; } = "";
    public string Adapter { get; init; } = UpstreamAdapters.Http;
    public string BaseUrl { get; init; } = "";
    public string Config { get; init; } = "";

    /// <summary>By name. On a change, one that is left out or empty stays as it was.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
    public ConnectionState State { get; init; } = ConnectionState.Active;
}

/// <summary>A secret that a connection needs: its name in templates, and what people call it.</summary>
public sealed record SecretName(string Name, string Zh, string En, bool IsOptional = false);

/// <summary>What to try on a connection.</summary>
public enum UpstreamTrial
{
    /// <summary>Asks for our balance there.</summary>
    Balance,

    /// <summary>Asks about an order.</summary>
    Query,

    /// <summary>Shows what a purchase would send, and sends nothing.</summary>
    Buy,
}

/// <summary>What was sent and what came back, for people: secrets and cards are masked.</summary>
/// <param name="Request">Null when the request cannot be made.</param>
/// <param name="Answer">Null when nothing was sent or nothing came back.</param>
/// <param name="Reading">How the answer is understood.</param>
/// <param name="Problem">Why there is no request or no answer.</param>
public sealed record UpstreamExchange(string? Request, string? Answer, UpstreamAnswer? Reading, Money? Balance, string? Problem);

/// <summary>A configuration to begin with.</summary>
/// <param name="Goods">How the supplier's name of the goods is written in a supply.</param>
public sealed record UpstreamTemplate(string Name, string Zh, string En, string Adapter, string BaseUrl, string Goods, string Config);
