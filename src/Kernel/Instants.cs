namespace Lianka.Kernel;

/// <summary>Moments as the databases keep them: whole microseconds since 1970-01-01 UTC.</summary>
/// <remarks>Both databases store this number, so that ranges, order and maxima are alike on both (decision 0005).</remarks>
public static class Instants
{
    /// <summary>The present moment, cut to the microsecond so that what is answered equals what is stored.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => FromMicros(ToMicros(clock.GetUtcNow()));

    public static long ToMicros(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
