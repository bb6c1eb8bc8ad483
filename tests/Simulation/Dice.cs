namespace Lianka.Tests.Simulation;

/// <summary>All chance of one run comes from here, so that a seed is the run.</summary>
internal sealed class Dice(long seed)
{
    private ulong _state = unchecked((ulong)seed * 0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)((Roll() >> 33) % (uint)below);

    /// <summary>Both ends included.</summary>
    public int Between(int from, int to) => from + Next(to - from + 1);

    public bool OneIn(int times) => Next(times) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    // SplitMix64: short, fast, and the same on every runtime.
    private ulong Roll()
    {
        unchecked
        {
            var z = _state += 0x9E37_79B9_7F4A_7C15;
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }
}
