using System.Text;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>The cards of a supplier's program as JSON, with the shape of every field checked. What is wrong with a card itself is told row by row.</summary>
/// <param name="Csv">The cards as a CSV with a header, one card a line.</param>
public sealed record CardsBody(string Sku, string? ExpiresAt, string Note, byte[] Csv)
{
    public const int CardsMax = 20_000;
    public const int NoteMax = 200;

    private const string Kinds = "code, link, image, barcode";

    /// <returns>Null when the list of problems has entries.</returns>
    public static (CardsBody? Body, IReadOnlyList<FieldProblem> Problems) Read(ReadOnlyMemory<byte> bytes)
    {
        var json = new StrictObject(bytes);
        if (json.Problems.Count > 0) return (null, json.Problems);
        var sku = json.Text("sku", isRequired: true, 1, OrderBody.SkuMax);
        var expires = json.Text("expires_at", isRequired: false, 1, 40);
        var note = json.Text("note", isRequired: false, 0, NoteMax) ?? "";
        var csv = new StringBuilder("number,secret,kind\n");
        var cards = json.Objects("cards", isRequired: true, CardsMax);
        for (var i = 0; i < cards.Count; i++)
        {
            var number = cards[i].Text("number", isRequired: false, 0, DeliveryBody.NumberMax);
            var secret = cards[i].Text("secret", isRequired: true, 1, DeliveryBody.SecretMax);
            var kind = cards[i].Text("kind", isRequired: false, 1, 10);
            if (kind is not (null or "code" or "link" or "image" or "barcode")) json.Problems.Add(new($"/cards/{i}/kind", FieldProblemTexts.NotOneOf, Kinds));
            csv.Append(Quoted(number)).Append(',').Append(Quoted(secret)).Append(',').Append(kind).Append('\n');
        }

        if (cards.Count == 0 && json.Problems.Count == 0) json.Problems.Add(new("/cards", FieldProblemTexts.Required));
        return json.Problems.Count > 0 ? (null, json.Problems) : (new CardsBody(sku!, expires, note, Encoding.UTF8.GetBytes(csv.ToString())), []);
    }

    // Texts of a body have no line ends, so a card stays one line.
    private static string Quoted(string? text) => $"\"{text?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
