using Lianka.Kernel;

namespace Lianka.Modules.Consoles.Core;

/// <summary>What a login and a password must be, and how long one waits after failures.</summary>
public static class LogInRules
{
    public const int FreeTries = 4;
    public const int PasswordMin = 10;
    public const int PasswordMax = 200;
    public const int LoginMax = 64;

    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(15);

    /// <summary>Failures older than this no longer count.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    /// <summary>How long the login stays shut if this try, the <paramref name="failed"/>th in a row, fails too.</summary>
    /// <remarks>Doubles from 30 seconds, but never so long that a stranger could keep the owner out for good.</remarks>
    public static TimeSpan Wait(long failed)
    {
        if (failed <= FreeTries) return TimeSpan.Zero;
        var doublings = (int)Math.Min(failed - FreeTries - 1, 10);
        var wait = TimeSpan.FromSeconds(30L << doublings);
        return wait < WaitMax ? wait : WaitMax;
    }

    /// <summary>Logins are compared without case and outer blanks; full-width letters of Chinese keyboards count as plain ones.</summary>
    public static string Normalise(string login) =>
        FullWidth.Narrow(login).Trim().ToLowerInvariant();

    /// <summary>Letters, digits and <c>. _ - @ +</c>, 3 to 64 of them.</summary>
    public static bool IsLogin(string login) => login.Length is >= 3 and <= LoginMax
        && login.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+');
}
