namespace Lianka.Kernel;

/// <summary>One thing wrong with one field of an input, in both languages.</summary>
/// <param name="Field">The field's name as the caller sent it (snake_case).</param>
/// <param name="Code">Stable, for programs and tests, for example <c>too_long</c>.</param>
public sealed record FieldError(string Field, string Code, string En, string Zh);
