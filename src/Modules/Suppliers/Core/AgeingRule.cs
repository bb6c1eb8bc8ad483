using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>How old the money of a balance is: what went out took the oldest first, so what is left is the newest that came in.</summary>
internal static class AgeingRule
{
    /// <param name="balance">Above nothing.</param>
    /// <param name="came7">What came in the last 7 days.</param>
    /// <param name="came30">What came in the last 30 days, these 7 included.</param>
    /// <returns>The balance by age: up to 7 days, up to 30, older.</returns>
    public static (Money Days7, Money Days30, Money Older) Of(Money balance, Money came7, Money came30)
    {
        var (upTo7, upTo30) = (Money.Min(balance, came7), Money.Min(balance, came30));
        return (upTo7, upTo30 - upTo7, balance - upTo30);
    }
}
