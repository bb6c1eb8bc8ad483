namespace Lianka.Bench.Load;

/// <summary>Counts of latencies in steps of about one per cent, from a microsecond to minutes.</summary>
internal sealed class Latencies
{
    private const int StepsPerOctave = 64;
    private const int Octaves = 30;

    public long[] Counts { get; init; } = new long[StepsPerOctave * Octaves];

    public long Total => Counts.Sum();

    public void Add(double micros)
    {
        var at = micros <= 1 ? 0 : (int)(Math.Log2(micros) * StepsPerOctave);
        Counts[Math.Min(at, Counts.Length - 1)]++;
    }

    /// <summary>The latency in milliseconds that this share of all calls did not exceed.</summary>
    public double Milliseconds(double share)
    {
        var wanted = (long)Math.Ceiling(Total * share);
        long seen = 0;
        for (var i = 0; i < Counts.Length; i++)
        {
            seen += Counts[i];
            if (seen >= wanted && seen > 0) return Math.Pow(2, (i + 1.0) / StepsPerOctave) / 1000;
        }

        return 0;
    }
}
