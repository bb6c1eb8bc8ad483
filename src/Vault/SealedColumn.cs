namespace Lianka.Vault;

/// <summary>Where secrets other than cards stand sealed in the database. Each module declares its own, so that a rotation of keys reaches them.</summary>
/// <param name="Key">A unique column that orders the rows: a positive number, or text.</param>
/// <param name="Context">What the secret of a row is bound to, by the row's key.</param>
/// <remarks>Held by: tests/Integration/Inventory/ResealTests.cs, which looks at every column of the schema.</remarks>
public sealed record SealedColumn(string Table, string Key, string Column, Func<string, string> Context)
{
    public bool HasTextKey { get; init; }

    /// <summary>A pattern (of SQL's LIKE) of the keys whose rows are sealed, as text in base64; null: all rows, as bytes.</summary>
    public string? TextOf { get; init; }
}
