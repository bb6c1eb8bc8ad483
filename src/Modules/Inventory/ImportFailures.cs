namespace Lianka.Modules.Inventory;

/// <summary>Why an import or one of its rows failed: stable codes, and words for them in both languages.</summary>
public static class ImportFailures
{
    /// <param name="failure">A code, or <c>code:what it is about</c>, as stored with the import or the row.</param>
    public static string Text(string failure, bool isChinese) => throw new System.Diagnostics.UnreachableException();
}
