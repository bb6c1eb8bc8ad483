using Lianka.Modules.Suppliers;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>What a supplier's program says that it delivered.</summary>
/// <param name="Units">All that was asked for unless the body says fewer; the rest is bought elsewhere or paid back.</param>
/// <param name="Receipt">Words for the buyer; may be empty.</param>
/// <param name="Cards">One for each unit, or none.</param>
public sealed record DeliveryBody(long Units, string Receipt, IReadOnlyList<UpstreamCard> Cards)
{
    public const int WordsMax = 200;
    public const int CardsMax = 10_000;

    /// <summary>A link or a picture as a data URI may be this long.</summary>
    public const int SecretMax = 32_000;
    public const int NumberMax = 200;

    /// <param name="quantity">What was asked for.</param>
    /// <returns>Null when the list of problems has entries.</returns>
    public static (DeliveryBody? Body, IReadOnlyList<FieldProblem> Problems) Read(ReadOnlyMemory<byte> bytes, long quantity)
    {
        var json = new StrictObject(bytes);
        if (json.Problems.Count > 0) return (null, json.Problems);
        var units = json.IsAbsent("units") ? quantity : json.Integer("units");
        var receipt = json.Text("receipt", isRequired: false, 0, WordsMax)?.Trim() ?? "";
        var cards = new List<UpstreamCard>();
        foreach (var card in json.Objects("cards", isRequired: false, CardsMax))
            cards.Add(new UpstreamCard(card.Text("number", isRequired: false, 1, NumberMax), card.Text("secret", isRequired: true, 1, SecretMax) ?? ""));
        if (json.Problems.Count > 0) return (null, json.Problems);
        if (units < 1 || units > quantity) json.Problems.Add(new("/units", FieldProblemTexts.Range, $"1–{quantity}"));
        else if (cards.Count > 0 && cards.Count != units) json.Problems.Add(new("/cards", FieldProblemTexts.Range, $"{units} × card"));
        else if (cards.Count == 0 && receipt.Length == 0) json.Problems.Add(new("/receipt", FieldProblemTexts.Required));
        return json.Problems.Count > 0 ? (null, json.Problems) : (new DeliveryBody(units, receipt, cards), []);
    }
}
