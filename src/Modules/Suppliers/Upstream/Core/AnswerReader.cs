using System.Globalization;
using System.Text.Json.Nodes;
using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>Reads what a supplier's system answered. Whatever is not understood is unknown, never a failure.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/AnswerExamples.cs.</remarks>
internal static class AnswerReader
{
    private const int DetailMax = 200, ReceiptMax = 500, NumberMax = 64;

    /// <param name="isQuery">An error of a question says nothing about the purchase: only a state in its answer can make it fail.</param>
    public static UpstreamAnswer Read(AnswerRule rule, int status, ReadOnlySpan<byte> body, UpstreamOrder order, bool isQuery)
    {
        if (status >= 500) return Unknown($"HTTP {status}.");
        if (WireJson.Read(body) is not { } answer || answer is not (JsonObject or JsonArray)) return Unknown($"HTTP {status}, and not JSON.");
        var httpStatus = status.ToString(CultureInfo.InvariantCulture);
        var code = rule.Code is null ? httpStatus : rule.Code.TextIn(answer);
        var message = rule.Message?.TextIn(answer);
        if (code is null || !rule.Ok.Contains(code)) return OfError(rule, code ?? httpStatus, message, isQuery);
        return status is < 200 or > 299 ? Unknown($"HTTP {status}, code {code}.") : OfState(rule, answer, order, message);
    }

    /// <summary>The part that follows once the call itself was understood; alone, for notices.</summary>
    /// <param name="order">Null for a notice, which is read before anybody looks for its order.</param>
    public static UpstreamAnswer OfState(AnswerRule rule, JsonNode answer, UpstreamOrder? order, string? message)
    {
        if (rule.Exists is { } exists && exists.Find(answer) is null) return new UpstreamAnswer.Absent();
        // An answer about another order is none about this one (F43).
        if (order is not null && rule.OwnNo?.TextIn(answer) is { Length: > 0 } own && own != order.OwnNo) return Unknown("They answered about another order.");
        var number = rule.UpstreamNo?.TextIn(answer) is { Length: > 0 and <= NumberMax } no ? no : null;
        if (order?.UpstreamNo is { } before && number is not null && number != before) return Unknown($"Their number was {before} and is {number}.");

        var told = rule.State?.TextIn(answer);
        var state = rule.State is null ? rule.Always : told is null ? null : rule.States.TryGetValue(told, out var known) ? known : rule.OtherStates;
        return state switch
        {
            UpstreamState.Accepted => new UpstreamAnswer.Accepted(number),
            UpstreamState.Succeeded or UpstreamState.Partial => OfSuccess(rule, answer, order, number, state == UpstreamState.Partial),
            UpstreamState.Failed => OfFailure(rule, told, message),
            _ => Unknown($"State '{Cut(told ?? "", 40)}' is not in the configuration."),
        };
    }

    /// <summary>What they say about our money there; null: it cannot be read.</summary>
    public static Money? ReadBalance(AnswerRule rule, int status, ReadOnlySpan<byte> body) =>
        status is >= 200 and <= 299 && WireJson.Read(body) is { } answer && rule.Balance is { } at
        && rule.Ok.Contains(rule.Code is null ? status.ToString(CultureInfo.InvariantCulture) : rule.Code.TextIn(answer) ?? "")
            ? UpstreamMoney.Read(at.TextIn(answer), rule.IsInFen) : null;

    private static UpstreamAnswer OfError(AnswerRule rule, string code, string? message, bool isQuery)
    {
        var fits = rule.Errors.FirstOrDefault(e => e.Fits(code, message));
        var detail = Detail(code, message);
        if (fits?.IsAbsent == true) return isQuery ? new UpstreamAnswer.Absent() : Unknown(detail);
        return !isQuery && fits?.Fault is { } fault ? new UpstreamAnswer.Failed(fault, detail) : Unknown(detail);
    }

    private static UpstreamAnswer OfFailure(AnswerRule rule, string? state, string? message)
    {
        var fits = rule.Failures.FirstOrDefault(f => f.Fits(state, message));
        return fits is { Fault: null } ? Unknown(Detail(state ?? "", message)) : new UpstreamAnswer.Failed(fits?.Fault ?? UpstreamFault.Other, Detail(state ?? "", message));
    }

    private static UpstreamAnswer OfSuccess(AnswerRule rule, JsonNode answer, UpstreamOrder? order, string? number, bool isPartial)
    {
        var charged = UpstreamMoney.Read(rule.Charged?.TextIn(answer), rule.IsInFen);
        var returned = UpstreamMoney.Read(rule.Returned?.TextIn(answer), rule.IsInFen) ?? Money.Zero;
        if (CardsIn(rule.Cards, answer) is not { } cards) return Unknown("The cards cannot be read.");
        // What a notice carries beyond the bare success needs the order to be understood.
        if (order is null) return cards.Count > 0 || returned.IsPositive || isPartial ? Unknown("To be asked for.") : new UpstreamAnswer.Succeeded(number, charged, ReceiptIn(rule, answer), []);
        if (cards.Count > order.Count) return Unknown($"{cards.Count} cards for {order.Count}.");

        long? delivered = cards.Count > 0 ? cards.Count : null;
        if (rule.Delivered is { } at)
        {
            if (!long.TryParse(at.TextIn(answer), NumberStyles.None, CultureInfo.InvariantCulture, out var units) || (delivered is { } seen && seen != units))
                return Unknown("How many were delivered cannot be read.");
            delivered = units;
        }
        else if (delivered is null && rule.IsDeliveredByReturn && returned.IsPositive)
        {
            if (UnitsLeft(order.Count, charged, returned) is not { } units) return Unknown($"{returned} given back does not come out as whole units.");
            delivered = units;
        }
        else if (delivered is null && isPartial)
        {
            return Unknown("Delivered in part, and not how much.");
        }

        if (delivered == 0) return OfFailure(rule, rule.State?.TextIn(answer), rule.Message?.TextIn(answer));
        if (delivered > order.Count) return Unknown($"{delivered} delivered for {order.Count}.");
        return new UpstreamAnswer.Succeeded(
            number, charged is { } paid ? paid - returned : null, ReceiptIn(rule, answer), cards, delivered == order.Count ? null : delivered);
    }

    private static long? UnitsLeft(long count, Money? charged, Money returned)
    {
        if (charged is not { } paid || !paid.IsPositive || returned > paid) return null;
        var scaled = (Int128)count * (paid.Units - returned.Units);
        return scaled % paid.Units == 0 ? (long)(scaled / paid.Units) : null;
    }

    /// <returns>Null when there are cards that cannot be read.</returns>
    public static List<UpstreamCard>? CardsIn(CardsRule? rule, JsonNode answer)
    {
        if (rule is null || rule.At.Find(answer) is not { } found) return [];
        return rule.Separator is null ? FromList(rule, found) : FromText(rule, WireJson.TextOf(found));
    }

    private static List<UpstreamCard>? FromList(CardsRule rule, JsonNode found)
    {
        if (found is not JsonArray items) return WireJson.TextOf(found) is "" ? [] : null;
        var cards = new List<UpstreamCard>();
        foreach (var item in items)
        {
            var secret = rule.Secret is null ? WireJson.TextOf(item) : rule.Secret.TextIn(item);
            if (string.IsNullOrWhiteSpace(secret)) return null;
            cards.Add(new UpstreamCard(rule.Number?.TextIn(item) is { Length: > 0 } number ? number : null, secret));
        }

        return cards;
    }

    private static List<UpstreamCard>? FromText(CardsRule rule, string? text)
    {
        if (text is null) return null;
        var cards = new List<UpstreamCard>();
        foreach (var line in text.ReplaceLineEndings("\n").Split(rule.Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cut = rule.Between is null ? -1 : line.IndexOf(rule.Between, StringComparison.Ordinal);
            cards.Add(cut < 0 ? new UpstreamCard(null, line) : new UpstreamCard(line[..cut].Trim(), line[(cut + rule.Between!.Length)..].Trim()));
        }

        return cards.Exists(c => c.Secret.Length == 0) ? null : cards;
    }

    private static string? ReceiptIn(AnswerRule rule, JsonNode answer) => rule.Receipt?.TextIn(answer) is { Length: > 0 } text ? Cut(text, ReceiptMax) : null;

    private static UpstreamAnswer.Unknown Unknown(string detail) => new(detail);

    private static string Detail(string code, string? message) => Cut(string.IsNullOrEmpty(message) ? code : code.Length == 0 ? message : $"{code}: {message}", DetailMax);

    /// <summary>One line of text that can be shown and kept.</summary>
    private static string Cut(string text, int max)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= max ? line : line[..max];
    }
}
