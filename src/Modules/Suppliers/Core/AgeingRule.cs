using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>How old the money of a balance is: what went out took the oldest first, so what is left is the newest that came in.</summary>
internal static class AgeingRule
{
    /// <param name="credits">What came in, newest first, at least as much as the balance.</param>
    /// <returns>The balance by age: up to 7 days, up to 30, older.</returns>
    public static (Money Days7, Money Days30, Money Older) Of(Money balance, IEnumerable<(Money Amount, DateTimeOffset At)> credits, DateTimeOffset now)
    {
        var (days7, days30, left) = (Money.Zero, Money.Zero, balance);
        foreach (var (amount, at) in credits)
        {
            if (!left.IsPositive || now - at > TimeSpan.FromDays(30)) break;
            var part = Money.Min(amount, left);
            if (now - at <= TimeSpan.FromDays(7)) days7 += part;
            else days30 += part;
            left -= part;
        }

        return (days7, days30, left);
    }
}
