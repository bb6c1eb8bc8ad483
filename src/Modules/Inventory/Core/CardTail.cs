namespace Lianka.Modules.Inventory.Core;

/// <summary>The last characters of a card's number or secret, by which people name it: letters and digits alone, capital and small alike.</summary>
/// <remarks>
/// At most half of a text is ever a tail: six characters of one that has twelve or more, four of one that has eight, none of a shorter one. What is kept is
/// their keyed fingerprint. Held by: tests/Unit/Inventory/CardTailExamples.cs.
/// </remarks>
internal static class CardTail
{
    private const int Long = 6, Short = 4;

    /// <summary>What may be asked for: longer is no tail any more, and a whole secret has no place in an address.</summary>
    private const int AskedMax = 8;

    /// <summary>Apart from the fingerprints of whole cards.</summary>
    public const string Scope = "card tail";

    /// <returns>Null: the text is too short, or none that anybody reads.</returns>
    public static string? Of(string? text)
    {
        if (text is null || text.StartsWith("data:", StringComparison.Ordinal)) return null;
        Span<char> last = stackalloc char[Long];
        var count = 0;
        for (var at = text.Length - 1; at >= 0 && count < 2 * Long; at--)
            if (Plain(text[at]) is { } letter && ++count <= Long) last[^count] = letter;
        return count >= 2 * Long ? new string(last) : count >= 2 * Short ? new string(last[^Short..]) : null;
    }

    /// <summary>The tails of a card; one, when number and secret end alike.</summary>
    public static (string? Number, string? Secret) Of(string? number, string secret)
    {
        var (first, second) = (Of(number), Of(secret));
        return (first == second ? null : first, second);
    }

    /// <summary>The tails that somebody may mean: of long texts and of short ones. None where the words can be no tail: those have a digit.</summary>
    public static IReadOnlyList<string> Asked(string words)
    {
        var plain = new string([.. words.Select(Plain).OfType<char>()]);
        if (plain.Length is < Short or > AskedMax || !plain.Any(char.IsDigit) || words.Length > 2 * AskedMax) return [];
        return plain.Length < Long ? [plain[^Short..]] : [plain[^Long..], plain[^Short..]];
    }

    private static char? Plain(char letter)
    {
        if (letter is >= '\uFF01' and <= '\uFF5E') letter = (char)(letter - 0xFEE0);
        return char.IsLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : null;
    }
}
