namespace Lianka.SupplierSimulator;

internal enum Outcome { Delivered, Failed, Partial }

/// <summary>What becomes of the answer to a purchase.</summary>
internal enum Mood { Plain, Hang, Abort, Error, Html, Twice }

/// <summary>Why a purchase is refused at once.</summary>
internal enum Refusal { None, Down, Repeated, Price, Stock, Balance, Account }

/// <summary>One purchase in memory; its state follows from the time.</summary>
internal sealed class SimOrder
{
    public required string Protocol { get; init; }
    public required string Account { get; init; }
    public required string OwnNo { get; init; }
    public required long No { get; init; }
    public required string Goods { get; init; }
    public required long Count { get; init; }
    public required string Target { get; init; }
    public required decimal Charged { get; init; }
    public required Outcome Outcome { get; init; }
    public required Mood Mood { get; init; }
    public required string Reason { get; init; }
    public required DateTime DoneAt { get; init; }
    public required DateTime ReversedAt { get; set; }

    /// <summary>What its cards are made from: its own number, or what others have cards from too.</summary>
    public required string CardsOf { get; init; }
    public required string NotifyUrl { get; init; }

    /// <summary>How often a purchase was asked for, and how often one was made.</summary>
    public int Attempts;
    public int Purchases;
    public int NoticesSent;
    public int NoticesTaken;

    public bool IsDone => DateTime.UtcNow >= DoneAt;
    public bool IsReversed => DateTime.UtcNow >= ReversedAt;
    public Outcome Now => IsReversed ? Outcome.Failed : Outcome;
    public long Delivered => !IsDone || Now == Outcome.Failed ? 0 : Now == Outcome.Partial ? Count / 2 : Count;

    /// <summary>Given back: for what was not delivered, once it is done.</summary>
    public decimal Returned => IsDone ? Charged / Count * (Count - Delivered) : 0;
    public string Hints => !IsDone ? "" : IsReversed ? "运营商冲正" : Outcome == Outcome.Failed ? Reason : $"SN{No}";

    public IEnumerable<(string Number, string Secret)> Cards =>
        Enumerable.Range(1, (int)Delivered).Select(i => ($"{CardsOf}{i:D4}", $"{CardsOf}-{i:D4}".ToUpperInvariant()));
}
