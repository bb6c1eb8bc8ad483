namespace Lianka.Kernel;

/// <summary>Numbers as people type them, on the way to the strict readers.</summary>
/// <remarks>Held by: tests/Unit/Kernel/TypedNumberExamples.cs.</remarks>
public static class TypedNumber
{
    /// <summary>Without blanks around it and commas that group thousands; full-width digits and the full stop of Chinese keyboards as plain ones.</summary>
    /// <remarks>Any other comma stays, and the reader refuses it: "9,9" is 9.9 to who writes decimals so, and never 99; "0,985" never 985.</remarks>
    public static string Plain(string typed)
    {
        var plain = FullWidth.Narrow(typed.Trim()).Replace('。', '.');
        var parts = plain.Split('.', 2);
        var groups = parts[0].TrimStart('-', '+').Split(',');
        var isGrouped = groups[0].Length is >= 1 and <= 3 && (groups.Length == 1 || groups[0][0] != '0') && groups.Skip(1).All(g => g.Length == 3) && !(parts.Length == 2 && parts[1].Contains(',', StringComparison.Ordinal));
        return isGrouped ? plain.Replace(",", "", StringComparison.Ordinal) : plain;
    }
}
