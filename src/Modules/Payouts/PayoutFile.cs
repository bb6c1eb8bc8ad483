using Lianka.Kernel;

namespace Lianka.Modules.Payouts;

/// <summary>Payouts that go to the bank in one file.</summary>
public sealed record PayoutFile
{
    public long Id { get; init; }
    public long MadeBy { get; init; }
    public DateTimeOffset MadeAt { get; init; }
    public long Payouts { get; init; }
    public Money Total { get; init; }

    /// <summary>Of them without a result from the bank.</summary>
    public long Open { get; init; }
    public string No => PublicId.Encode(Id);
}
