namespace Lianka.Bench.Routing;

/// <summary>Chance that depends on nothing but its seed and what is asked: every policy meets the same world, whatever it chooses.</summary>
internal static class Chance
{
    /// <summary>A number in [0, 1) for one question.</summary>
    public static double Of(int seed, long order, int arm, int question)
    {
        var x = Mixed((ulong)seed);
        x = Mixed(x ^ (ulong)order);
        x = Mixed(x ^ (((ulong)arm << 8) | (uint)question));
        return (x >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A waiting time with a long tail around its mean: log-normal, sigma 0.5.</summary>
    public static double Seconds(double mean, double first, double second)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - first)) * Math.Cos(2 * Math.PI * second);
        return mean * Math.Exp((0.5 * normal) - 0.125);
    }

    // SplitMix64.
    private static ulong Mixed(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
