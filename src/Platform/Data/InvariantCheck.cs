namespace Lianka.Platform.Data;

/// <summary>One part of an invariant as a query over what is stored.</summary>
/// <param name="Number">The invariant's stable number (docs/ARCHITECTURE.md).</param>
/// <param name="Text">What must hold, in words.</param>
/// <param name="Sql">Returns the rows that break it; none on a sound database. It may use <c>@Now</c>, runs on both
/// databases and names its columns so that a person understands the row.</param>
public sealed record InvariantCheck(int Number, string Text, string Sql);
