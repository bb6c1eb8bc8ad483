namespace Lianka.Modules.Inventory.Core;

/// <summary>Numbers as a spreadsheet stores them, of which only some are still what was typed.</summary>
internal static class SheetNumber
{
    /// <summary>A spreadsheet keeps so many digits of a number and makes zeros of the others.</summary>
    private const int DigitsKept = 15;

    /// <summary>Null when the number is the card that was typed: whole, without sign, of at most 15 digits.</summary>
    public static string? FaultOf(string stored) =>
        stored.Length == 0 || stored.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? stored.AsSpan().ContainsAny('E', 'e') ? "mangled_number" : "formatted_number"
            : stored.Length > DigitsKept ? "long_number" : null;
}
