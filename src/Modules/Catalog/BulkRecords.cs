namespace Lianka.Modules.Catalog;

public enum BulkStage { Previewing, Ready, Applying, Done }

/// <summary>What is to become of one row, or what became of it. Moved: what it would change was no longer as the preview showed it, so it was left alone.</summary>
public enum BulkOutcome { Add, Change, Same, Off, Cannot, Moved }

/// <summary>One press of a button over many goods: previewed row by row, then done as it was shown (decision 0050).</summary>
public abstract record BulkWork
{
    public required long Id { get; init; }
    public required BulkStage State { get; init; }

    /// <summary>How much the present stage has to go through; grows known with its first step.</summary>
    public required long Total { get; init; }
    public required long Done { get; init; }

    /// <summary>How many rows are, or were to be, changed.</summary>
    public required long Changes { get; init; }
    public required long Cannot { get; init; }
    public required long Moved { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why nothing of its file could be read: a code, for which the reader of the file has words.</summary>
    public string? Failure { get; init; }

    public bool IsRunning => State is BulkStage.Previewing or BulkStage.Applying;

    public long Percent => !IsRunning ? 100 : Total == 0 ? 0 : Done * 100 / Total;
}
