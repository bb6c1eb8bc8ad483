using System.Text.Json.Nodes;
using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>What Reloadly's answers mean.</summary>
/// <remarks>Held by: tests/Integration/Upstream/ReloadlyTests.cs.</remarks>
internal static class ReloadlyAnswers
{
    // Error codes as Reloadly publishes them. One that is not here is unknown, and the transaction is looked for.
    private static readonly Dictionary<string, UpstreamFault> _faults = new()
    {
        ["INVALID_RECIPIENT_PHONE"] = UpstreamFault.Account, ["INVALID_PHONE_NUMBER"] = UpstreamFault.Account, ["RECIPIENT_PHONE_INACTIVE"] = UpstreamFault.Account,
        ["PHONE_BANNED_BY_OPERATOR"] = UpstreamFault.Account, ["PHONE_RECENTLY_RECHARGED"] = UpstreamFault.Account, ["RECIPIENT_REACHED_MAX_TOPUP_NUMBER"] = UpstreamFault.Account,
        ["COULD_NOT_AUTO_DETECT_OPERATOR"] = UpstreamFault.Account, ["COUNTRY_NOT_SUPPORTED"] = UpstreamFault.Account,
        ["OPERATOR_NOT_FOUND"] = UpstreamFault.Goods, ["OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE"] = UpstreamFault.Goods, ["INVALID_AMOUNT_FOR_OPERATOR"] = UpstreamFault.Goods,
        ["INVALID_AMOUNT"] = UpstreamFault.Goods, ["IMPOSSIBLE_AMOUNT"] = UpstreamFault.Goods, ["PRODUCT_NOT_FOUND"] = UpstreamFault.Goods, ["INVALID_PRODUCT_PRICE"] = UpstreamFault.Goods,
        ["INSUFFICIENT_BALANCE"] = UpstreamFault.Balance, ["INACTIVE_ACCOUNT"] = UpstreamFault.Access, ["INVALID_TOKEN"] = UpstreamFault.Access,
    };

    /// <summary>An answer to a purchase or about one. Cards are fetched by a further call.</summary>
    public static UpstreamAnswer Read(ReloadlyConfig config, int status, ReadOnlySpan<byte> body, UpstreamOrder order, bool isQuery)
    {
        if (status >= 500) return new UpstreamAnswer.Unknown($"HTTP {status}.");
        if (WireJson.Read(body) is not JsonObject answer) return new UpstreamAnswer.Unknown($"HTTP {status}, and not JSON.");
        if (status is >= 200 and <= 299) return OfTransaction(config, answer, order);
        var code = WireJson.TextOf(answer["errorCode"]) ?? "";
        var detail = $"{code} {WireJson.TextOf(answer["message"])}".Trim();
        detail = detail.Length <= 200 ? detail : detail[..200];
        if (!isQuery && _faults.TryGetValue(code, out var fault)) return new UpstreamAnswer.Failed(fault, detail);
        // CUSTOM_IDENTIFIER_ALREADY_USED is among these: they have it, so it is asked about.
        return new UpstreamAnswer.Unknown($"HTTP {status} {detail}".Trim());
    }

    /// <summary>The transaction with our number in a page of the account's history; absent when it is not there.</summary>
    public static UpstreamAnswer Search(ReloadlyConfig config, int status, ReadOnlySpan<byte> body, UpstreamOrder order)
    {
        var found = WireJson.Read(body);
        if (status is < 200 or > 299 || (found as JsonArray ?? (found as JsonObject)?["content"] as JsonArray) is not { } list) return new UpstreamAnswer.Unknown($"HTTP {status}, and no list.");
        // The filter is repeated here: were it ever ignored, the first of all transactions would be taken for this one (F43).
        var mine = list.OfType<JsonObject>().Where(t => WireJson.TextOf(t["customIdentifier"]) == order.OwnNo).ToList();
        return mine.Count switch
        {
            0 => new UpstreamAnswer.Absent(),
            1 => OfTransaction(config, mine[0], order),
            _ => new UpstreamAnswer.Unknown($"{mine.Count} transactions with one number."),
        };
    }

    private static UpstreamAnswer OfTransaction(ReloadlyConfig config, JsonObject answer, UpstreamOrder order)
    {
        // The status call wraps the transaction; the others do not.
        var told = answer["transaction"] as JsonObject ?? answer;
        if (WireJson.TextOf(told["customIdentifier"]) is { } own && own != order.OwnNo) return new UpstreamAnswer.Unknown("They answered about another order.");
        var number = WireJson.TextOf(told["transactionId"]) ?? order.UpstreamNo;
        return (WireJson.TextOf(told["status"]) ?? WireJson.TextOf(answer["status"])) switch
        {
            "SUCCESSFUL" => new UpstreamAnswer.Succeeded(number, ChargedIn(config, told), ReceiptIn(told), PinIn(told)),
            "PROCESSING" or "PENDING" => new UpstreamAnswer.Accepted(number),
            "FAILED" or "REFUNDED" => new UpstreamAnswer.Failed(
                _faults.GetValueOrDefault(WireJson.TextOf(answer["code"]) ?? "", UpstreamFault.Other), WireJson.TextOf(answer["message"]) ?? "The operator did not carry it out."),
            var other => new UpstreamAnswer.Unknown($"Status '{other}'."),
        };
    }

    /// <summary>Airtime tells price and discount, gift cards the amount taken with fees.</summary>
    private static Money? ChargedIn(ReloadlyConfig config, JsonObject told)
    {
        var isGift = told["product"] is not null;
        if (WireJson.TextOf(told[isGift ? "currencyCode" : "requestedAmountCurrencyCode"]) != config.Currency) return null;
        var full = config.InYuan(WireJson.TextOf(told[isGift ? "amount" : "requestedAmount"]));
        return isGift || full is not { } price ? full : price - (config.InYuan(WireJson.TextOf(told["discount"])) ?? Money.Zero);
    }

    private static string? ReceiptIn(JsonObject told) => WireJson.TextOf(told["operatorTransactionId"]) is { Length: > 0 and <= 200 } text ? text : null;

    /// <summary>Some operators deliver airtime as a code to dial.</summary>
    private static List<UpstreamCard> PinIn(JsonObject told) => told["pinDetail"] is JsonObject pin && WireJson.TextOf(pin["code"]) is { Length: > 0 } code
        ? [new UpstreamCard(WireJson.TextOf(pin["serial"]), code)] : [];

    /// <returns>Null when they cannot be read.</returns>
    public static List<UpstreamCard>? Cards(int status, ReadOnlySpan<byte> body)
    {
        if (status is < 200 or > 299 || WireJson.Read(body) is not JsonArray list) return null;
        var cards = new List<UpstreamCard>();
        foreach (var item in list)
        {
            var (number, pin) = (Text("cardNumber"), Text("pinCode"));
            // One that has a single code has it in either place.
            if ((pin ?? number) is not { } secret) return null;
            cards.Add(new UpstreamCard(pin is null ? null : number, secret));

            string? Text(string name) => item is JsonObject card && WireJson.TextOf(card[name]) is { Length: > 0 } text ? text : null;
        }

        return cards;
    }
}
