using Lianka.Kernel;

namespace Lianka.Modules.TopUps;

/// <summary>The operator's rules for top-ups.</summary>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="DayMax">Of one merchant since midnight in China, open ones included.</param>
/// <param name="FeeBps">What merchants bear of the channels' fees at most; 0: the platform bears them.</param>
/// <param name="Hours">How long one may be paid, and its bonus is promised.</param>
public sealed record TopUpTerms(Money Min, Money Max, Money DayMax, long FeeBps, long Hours)
{
    public static readonly TopUpTerms Default = new(new(10_000), new(500_000_000), new(2_000_000_000), 0, 24);
}

/// <summary>What a form says about <see cref="TopUpTerms"/>, unchecked.</summary>
public sealed record TopUpTermsDraft(string Min, string Max, string DayMax, string FeeBps, string Hours);
