namespace Lianka.Modules.Payments.Core;

/// <summary>How long to wait before a channel is asked or told again.</summary>
public static class BackOff
{
    /// <summary>A notice normally comes within a second or two; after this we ask by ourselves.</summary>
    public static readonly TimeSpan FirstQuestion = TimeSpan.FromSeconds(5);

    /// <summary>Money that is there is told at once; when that was not taken, again after this.</summary>
    public static readonly TimeSpan ToldAgainAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _questionPauseMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _refundPauseMax = TimeSpan.FromMinutes(10);

    /// <summary>The next question about an open payment: 5 s, 10 s, 20 s … 60 s, and at the end of the reservation at the latest.</summary>
    public static DateTimeOffset NextQuestion(DateTimeOffset now, DateTimeOffset expiresAt, long asked)
    {
        var next = now + Doubled(FirstQuestion, asked, _questionPauseMax);
        return now < expiresAt && next > expiresAt ? expiresAt : next;
    }

    /// <summary>The next attempt of a refund that the channel has not accepted: 1 s, 2 s, 4 s … 10 min, for ever.</summary>
    public static DateTimeOffset NextRefund(DateTimeOffset now, long attempts) =>
        now + Doubled(TimeSpan.FromSeconds(1), attempts, _refundPauseMax);

    private static TimeSpan Doubled(TimeSpan first, long times, TimeSpan max)
    {
        var pause = new TimeSpan(first.Ticks << (int)Math.Clamp(times, 0, 20));
        return pause < max ? pause : max;
    }
}
