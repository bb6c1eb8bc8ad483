using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>How one supplier's system is spoken to, read from a connection's configuration (docs/upstreams.md).</summary>
internal sealed record HttpConfig
{
    public const int TimeLimitSecondsUsual = 15;

    public required TimeSpan TimeLimit { get; init; }
    public required IReadOnlyList<SecretName> Secrets { get; init; }
    public required HttpCall Buy { get; init; }
    public required HttpCall Query { get; init; }
    public HttpCall? Balance { get; init; }
    public NoticeRule? Notice { get; init; }
}

internal enum BodyKind { None, Json, Form }

/// <param name="Fields">Of a form; empty otherwise.</param>
/// <param name="Body">Of JSON; null otherwise.</param>
internal sealed record HttpCall(
    string Method, Template Path, IReadOnlyList<(string Name, Template Value)> Query, IReadOnlyList<(string Name, Template Value)> Headers,
    BodyKind Kind, Shape.Object? Body, IReadOnlyList<(string Name, Template Value)> Fields, SignRule? Sign, AnswerRule Answer);

internal enum UpstreamState { Accepted, Succeeded, Failed, Partial }

/// <summary>What a code or a text in an answer means. The first rule that fits counts.</summary>
/// <param name="Code">Null: any.</param>
/// <param name="Text">Words that the message contains; null: any.</param>
/// <param name="Fault">Null with <paramref name="IsAbsent"/> false: nobody knows, ask again.</param>
internal sealed record FaultRule(string? Code, string? Text, UpstreamFault? Fault, bool IsAbsent)
{
    public bool Fits(string? code, string? message) =>
        (Code is null || Code == code) && (Text is null || message?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true);
}

internal sealed record AnswerRule
{
    /// <summary>Null: the HTTP status is the code.</summary>
    public JsonPath? Code { get; init; }
    public IReadOnlySet<string> Ok { get; init; } = new HashSet<string>();
    public IReadOnlyList<FaultRule> Errors { get; init; } = [];

    /// <summary>What must be there when they have the order.</summary>
    public JsonPath? Exists { get; init; }

    /// <summary>Null: <see cref="Always"/>.</summary>
    public JsonPath? State { get; init; }
    public UpstreamState? Always { get; init; }
    public IReadOnlyDictionary<string, UpstreamState> States { get; init; } = new Dictionary<string, UpstreamState>();
    public UpstreamState? OtherStates { get; init; }
    public IReadOnlyList<FaultRule> Failures { get; init; } = [];

    public JsonPath? OwnNo { get; init; }
    public JsonPath? UpstreamNo { get; init; }
    public JsonPath? Charged { get; init; }
    public JsonPath? Returned { get; init; }
    public bool IsInFen { get; init; }
    public JsonPath? Receipt { get; init; }
    public JsonPath? Message { get; init; }
    public CardsRule? Cards { get; init; }

    /// <summary>Where they say how many units were delivered; null with <see cref="IsDeliveredByReturn"/> false: all.</summary>
    public JsonPath? Delivered { get; init; }

    /// <summary>They give back the price of each unit that was not delivered.</summary>
    public bool IsDeliveredByReturn { get; init; }

    /// <summary>Of the balance call.</summary>
    public JsonPath? Balance { get; init; }
}

/// <summary>Where the cards are: a list with a place for number and secret, or one text.</summary>
/// <param name="Separator">In a text: what stands between card and card.</param>
/// <param name="Between">In a text: what stands between number and secret; null: secrets only.</param>
internal sealed record CardsRule(JsonPath At, JsonPath? Number, JsonPath? Secret, string? Separator, string? Between);

/// <param name="Sign">Null: what is told is believed by nobody, so it has to be a hint.</param>
/// <param name="SignatureHeader">Where the signature is; null: in <paramref name="Signature"/>.</param>
/// <param name="Unsigned">Outermost names that the signed text leaves out.</param>
/// <param name="IsHint">Only says that something happened: the order is asked about.</param>
internal sealed record NoticeRule(
    SignRule? Sign, string? SignatureHeader, JsonPath? Signature, IReadOnlySet<string> Unsigned, bool IsHint, AnswerRule Answer, string Thanks);

/// <summary>Amounts as these systems write them.</summary>
internal static class UpstreamMoney
{
    /// <summary>Yuan with any number of places, or whole fen. What is finer than our scale is rounded away from zero: never less than they took.</summary>
    /// <returns>Null when it is not an amount.</returns>
    public static Money? Read(string? text, bool isInFen)
    {
        if (text is null) return null;
        text = text.Trim();
        if (isInFen) return Money.TryParse(text, out var fen) && fen.Units % Money.UnitsPerYuan == 0 ? new Money(fen.Units / (Money.UnitsPerYuan / Money.UnitsPerFen)) : null;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var kept = point >= 0 && text.Length > point + 5 ? text[..(point + 5)] : text;
        var rest = text[kept.Length..];
        if (!Money.TryParse(kept, out var amount) || !rest.All(char.IsAsciiDigit)) return null;
        return rest.Any(c => c != '0') ? new Money(amount.Units + (amount.IsNegative ? -1 : 1)) : amount;
    }
}
