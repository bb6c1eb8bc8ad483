using System.Security.Cryptography;
using System.Text;

namespace Lianka.Host.Scenarios;

/// <summary>Makes up cards that look real and open nothing.</summary>
internal static class DemoCards
{
    // Without the letters and digits that people mix up.
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Either = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>An import file as a supplier would send it: a card a line, number and secret apart by four hyphens.</summary>
    public static MemoryStream File(SupplyPart supply)
    {
        var text = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Count < supply.Cards)
        {
            var secret = Fill(supply.SecretPattern);
            if (!seen.Add(secret)) continue;
            if (supply.NumberPattern is { } pattern) text.Append(Fill(pattern)).Append("----");
            text.Append(secret).Append('\n');
        }

        return new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string Fill(string pattern)
    {
        // In an address only what stands behind the last slash is made up.
        var from = pattern.LastIndexOf('/') + 1;
        return string.Create(pattern.Length, (pattern, from), static (text, state) =>
        {
            state.pattern.CopyTo(text);
            foreach (ref var c in text[state.from..])
                c = c switch { 'X' => Pick(Either), 'A' => Pick(Letters), '9' => Pick(Digits), _ => c };
        });
    }

    private static char Pick(string alphabet) => alphabet[RandomNumberGenerator.GetInt32(alphabet.Length)];
}
