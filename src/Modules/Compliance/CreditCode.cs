namespace Lianka.Modules.Compliance;

/// <summary>The unified social credit code of a Chinese company: 17 characters and a check character (GB 32100-2015).</summary>
/// <remarks>Held by: tests/Unit/Compliance/CreditCodeExamples.cs.</remarks>
public static class CreditCode
{
    /// <summary>Without I, O, S, V and Z, which look like digits and other letters.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    public static bool IsValid(string code)
    {
        if (code.Length != 18) return false;
        var (sum, weight) = (0, 1);
        for (var i = 0; i < 17; i++)
        {
            var value = Alphabet.IndexOf(code[i], StringComparison.Ordinal);
            if (value < 0) return false;
            sum += value * weight;
            weight = weight * 3 % 31;
        }

        return code[17] == Alphabet[(31 - (sum % 31)) % 31];
    }
}
