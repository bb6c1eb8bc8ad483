using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>A row that was chosen in a list.</summary>
/// <param name="IsSo">It is as the deed would make it: nothing is done to it.</param>
internal sealed record ChosenRow(string Key, string Name, string Href, (string Text, string Tone) Now, bool IsSo);

/// <summary>What became of one row.</summary>
/// <param name="Problem">Why nothing was done; null: done.</param>
/// <param name="Subject">Of the line in the audit.</param>
internal readonly record struct DeedResult(FieldError? Problem, string Subject)
{
    public static readonly DeedResult Gone = new(new FieldError("key", "not_found", "It is not there any more.", "它已经不在了。"), "");

    public static DeedResult Of<T>(CatalogDecision<T> decision, string subject) => decision switch
    {
        CatalogDecision<T>.Saved => new(null, subject), CatalogDecision<T>.Refused refused => new(refused.Errors[0], subject), _ => Gone,
    };

    public static DeedResult Of<T>(AgentsDecision<T> decision, string subject) => decision switch
    {
        AgentsDecision<T>.Saved => new(null, subject), AgentsDecision<T>.Refused refused => new(refused.Errors[0], subject), _ => Gone,
    };
}

/// <summary>One thing that can be done to many rows of a list: row by row what the row's own page does, each in a transaction of its own.</summary>
/// <param name="List">Where the rows are chosen.</param>
/// <param name="Audit">The action in the audit, as on the row's own page.</param>
internal sealed record RowDeed(
    string Zh, string En, (string Href, string Zh, string En) List, string Audit,
    Func<IReadOnlyList<string>, Language, Task<List<ChosenRow>>> RowsAsync, Func<string, Form, string, Task<DeedResult>> ActAsync)
{
    /// <summary>Adds what has to be told besides the rows.</summary>
    public Func<Form, Language, Task> AskAsync { get; init; } = (_, _) => Task.CompletedTask;
    public bool IsDanger { get; init; }

    /// <summary>What a row's own page asks of staff; null: of owners nothing.</summary>
    public string? Permission { get; init; }
}
