using System.Globalization;

namespace Lianka.Bench.Large;

/// <summary>A platform after some years.</summary>
/// <param name="Shops">The first lists everything, the others <see cref="ShelfSize"/> goods each.</param>
/// <param name="Orders">One of fifty is a retail order.</param>
internal sealed record LargeSize(int Merchants, int Shops, int Products, long Orders)
{
    public const string Arguments = "[--merchants N] [--shops N] [--products N] [--orders N]";
    public const int ShelfSize = 400;

    /// <summary>Goods that sell: one of twenty. The others have a handful of cards each.</summary>
    public int Selling => Math.Max(1, Products / 20);

    public static LargeSize Read(string[] args)
    {
        return new((int)Number("--merchants", 5_000), (int)Number("--shops", 2_000), (int)Number("--products", 200_000), Number("--orders", 10_000_000));

        long Number(string name, long fallback) =>
            Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? long.Parse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture) : fallback;
    }
}
