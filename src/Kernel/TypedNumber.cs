namespace Lianka.Kernel;

/// <summary>Numbers as people type them, on the way to the strict readers.</summary>
public static class TypedNumber
{
    /// <summary>Without blanks around it and commas that group; full-width digits and the full stop of Chinese keyboards as plain ones.</summary>
    public static string Plain(string typed) => string.Concat(FullWidth.Narrow(typed.Trim()).Where(c => c != ',').Select(c => c == '。' ? '.' : c));
}
