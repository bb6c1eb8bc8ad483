namespace Lianka.Bench.Routing;

/// <summary>What may happen to sources, as courses of events that a seed fills with times. Written, with the seeds, before the router was tuned.</summary>
internal static class Scenarios
{
    /// <summary>The router may be tuned on these.</summary>
    public static readonly int[] Training = [.. Enumerable.Range(1, 10)];

    /// <summary>Published figures come from these, which tuning never sees.</summary>
    public static readonly int[] HeldOut = [.. Enumerable.Range(1_001, 20)];

    public static readonly (string Name, Func<int, Scenario> Of)[] All =
    [
        ("steady", Steady), ("outage", Outage), ("hang", Hang), ("brown-out", BrownOut), ("slow-recovery", SlowRecovery), ("correlated", Correlated),
        ("all-down", AllDown), ("cheap-and-weak", CheapAndWeak), ("delayed", Delayed), ("flapping", Flapping), ("newcomer", Newcomer),
        ("low-volume", LowVolume), ("ten", Ten), ("late-successes", LateSuccesses),
    ];

    /// <summary>Payments through channels: a fee instead of a purchase price, and buyers who go away without paying.</summary>
    public static readonly (string Name, Func<int, Scenario> Of)[] Payments =
    [
        ("pay-steady", PaySteady), ("pay-equals", PayEquals), ("pay-refused", PayRefused), ("pay-broken", PayBroken), ("pay-brown-out", PayBrownOut),
        ("pay-correlated", PayCorrelated), ("pay-slow-recovery", PaySlowRecovery), ("pay-night", PayNight), ("pay-quiet", PayQuiet),
    ];

    // Most scenarios: the cheapest is as good as the others, so that it is where everything goes until something happens.
    private static readonly Arm[] _four = [new(.985, 2, 9_300), new(.98, 3, 9_400), new(.985, 2, 9_550), new(.95, 5, 9_350)];

    private static Scenario Steady(int seed) => new("steady", 1, 3, _four, []);

    private static Scenario Outage(int seed) => new("outage", 1, 4, _four,
        [.. Times(seed, 4, 4).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 300, 1_800), 0, 1))]);

    private static Scenario Hang(int seed) => new("hang", 1, 4, _four,
        [.. Times(seed, 3, 4).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 300, 1_800), 0, 2, Hangs: true))]);

    // 30 % failures and slow answers, for twenty minutes to an hour.
    private static Scenario BrownOut(int seed) => new("brown-out", 1, 4, _four,
        [.. Times(seed, 3, 4).Select((at, i) => new Phase(i == 1 ? 1 : 0, at, at + Between(seed, i, 1_200, 3_600), .7, 20))]);

    private static Scenario SlowRecovery(int seed) => new("slow-recovery", 1, 4, _four,
        [.. Times(seed, 2, 4).SelectMany((at, i) =>
        {
            var back = at + Between(seed, i, 300, 900);
            return new[] { new Phase(0, at, back, 0, 1), new Phase(0, back, back + Between(seed, i + 10, 1_200, 2_400), 0, 4, Ramps: true) };
        })]);

    // Two that buy from the same place go together.
    private static Scenario Correlated(int seed) => new("correlated", 1, 4, _four,
        [.. Times(seed, 3, 4).SelectMany((at, i) =>
        {
            var back = at + Between(seed, i, 300, 1_800);
            return new[] { new Phase(0, at, back, .05, 2), new Phase(1, at + 20, back, .05, 2) };
        })]);

    private static Scenario AllDown(int seed) => new("all-down", 1, 3, _four,
        [.. Times(seed, 2, 3).SelectMany((at, i) => Enumerable.Range(0, 4).Select(arm =>
            new Phase(arm, at, at + Between(seed, (i * 4) + arm, 180, 900), arm == 2 ? .2 : 0, 2)))]);

    // The cheapest loses more by failing than it saves.
    private static Scenario CheapAndWeak(int seed) => new("cheap-and-weak", 1, 3,
        [new(.84, 3, 9_100), new(.985, 2, 9_300), new(.99, 2, 9_320), new(.97, 12, 9_250)], []);

    // Top-ups whose outcome comes after minutes.
    private static Scenario Delayed(int seed) => new("delayed", 1, 4,
        [new(.985, 90, 9_300), new(.98, 120, 9_400), new(.985, 60, 9_550)],
        [.. Times(seed, 3, 4).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 600, 1_800), 0, 120))]);

    private static Scenario Flapping(int seed) => new("flapping", 1, 3, _four,
        [.. Times(seed, 24, 3).Select((at, i) => new Phase(0, at, at + Between(seed, i, 30, 150), 0, 1))]);

    // The cheapest does not work for the first hour, then does for good; later the one in use becomes a little worse for good.
    private static Scenario Newcomer(int seed) => new("newcomer", 1, 4,
        [new(.98, 2, 9_200), new(.98, 2, 9_400), new(.98, 3, 9_450)],
        [new Phase(0, 0, Between(seed, 0, 2_400, 4_800), 0, 1), new Phase(0, Between(seed, 1, 9_600, 10_800), 99_999, .9, 4)]);

    private static Scenario LowVolume(int seed) => new("low-volume", 1.0 / 60, 48, _four,
        [.. Times(seed, 4, 48).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 3_600, 4 * 3_600), 0, 1))]);

    private static Scenario Ten(int seed) => new("ten", 2, 3,
        [.. Enumerable.Range(0, 10).Select(i => new Arm(.99 - (Chance.Of(seed, 0, i, 90) * .06), 1 + (Chance.Of(seed, 0, i, 91) * 6), 9_250 + (int)(Chance.Of(seed, 0, i, 92) * 350)))],
        [.. Times(seed, 12, 3).Select((at, i) => new Phase(i % 10, at, at + Between(seed, i, 300, 1_800), i % 3 == 0 ? .6 : 0, i % 3 == 0 ? 15 : 1))]);

    // One success in twenty is heard of only after the time-out; one outage besides.
    private static Scenario LateSuccesses(int seed) => new("late-successes", 1, 3, _four,
        [new Phase(0, Between(seed, 0, 2_000, 7_000), Between(seed, 1, 7_200, 8_200), 0, 2, Hangs: true)], LateShare: .05);

    // Fees of 0.38 %, 0.6 %, 0.6 % and 1 % where a sale leaves 5 % of its price: what is at stake is that, and the fee a part of it.
    private static readonly Arm[] _channels = [new(.97, 25, 760), new(.97, 20, 1_200), new(.955, 25, 1_200), new(.98, 30, 2_000)];

    // Of a hundred who see a code fifteen do not pay.
    private static double Some(double t) => .15;

    private static Scenario Paying(string name, IReadOnlyList<Arm> channels, IEnumerable<Phase> phases, Func<double, double>? quits = null, double perSecond = .5, double hours = 4) =>
        new(name, perSecond, hours, channels, [.. phases], Quits: quits ?? Some);

    private static Scenario PaySteady(int seed) => Paying("pay-steady", _channels, []);

    // Two merchant numbers at the same company; now and then the first has none of it.
    private static Scenario PayEquals(int seed) => Paying("pay-equals", [_channels[0], _channels[0], _channels[1]],
        Times(seed, 3, 4).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 300, 1_800), 0, 1)));

    // The channel refuses at once, before anybody has seen a code.
    private static Scenario PayRefused(int seed) => Paying("pay-refused", _channels,
        Times(seed, 4, 4).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 300, 1_800), 0, 1)));

    // It gives codes that nobody can pay: only silence tells.
    private static Scenario PayBroken(int seed) => Paying("pay-broken", _channels,
        Times(seed, 3, 4).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 600, 2_400), 0, 25, Hangs: true)));

    private static Scenario PayBrownOut(int seed) => Paying("pay-brown-out", _channels,
        Times(seed, 3, 4).Select((at, i) => new Phase(i == 1 ? 1 : 0, at, at + Between(seed, i, 1_200, 3_600), .7, 40, Hangs: i == 2)));

    private static Scenario PayCorrelated(int seed) => Paying("pay-correlated", _channels,
        Times(seed, 3, 4).SelectMany((at, i) =>
        {
            var back = at + Between(seed, i, 300, 1_800);
            return new[] { new Phase(0, at, back, .05, 25), new Phase(2, at + 20, back, .05, 25) };
        }));

    private static Scenario PaySlowRecovery(int seed) => Paying("pay-slow-recovery", _channels,
        Times(seed, 2, 4).SelectMany((at, i) =>
        {
            var back = at + Between(seed, i, 300, 900);
            return new[] { new Phase(0, at, back, 0, 1), new Phase(0, back, back + Between(seed, i + 10, 1_200, 2_400), 0, 30, Ramps: true) };
        }));

    // Every other hour half of the buyers only look. No channel is to blame, so none should be left for it.
    private static Scenario PayNight(int seed) => Paying("pay-night", _channels,
        Times(seed, 1, 4).Select((at, i) => new Phase(0, at, at + Between(seed, i, 600, 1_800), 0, 1)), t => t % 7_200 < 3_600 ? .15 : .5);

    private static Scenario PayQuiet(int seed) => Paying("pay-quiet", _channels,
        Times(seed, 4, 48).Select((at, i) => new Phase(i == 2 ? 1 : 0, at, at + Between(seed, i, 3_600, 4 * 3_600), 0, 1, Hangs: i == 3)), perSecond: 1.0 / 60, hours: 48);

    // So many moments, spread over the first nine tenths, at least a little apart.
    private static IEnumerable<double> Times(int seed, int count, double hours)
    {
        var slot = hours * 3_600 * .9 / count;
        for (var i = 0; i < count; i++) yield return (slot * i) + (slot * (.1 + (.5 * Chance.Of(seed, i, 0, 80))));
    }

    private static double Between(int seed, int which, double least, double most) => least + ((most - least) * Chance.Of(seed, which, 0, 81));
}
