namespace Lianka.Kernel.Routing;

/// <summary>How likely each rate of success is for one candidate, given what was heard and when.</summary>
/// <remarks>
/// A hidden Markov model with a few levels: a candidate stays at its level for a time and then goes to any other. Two or three failures in a row
/// make "it is down" the likely reading at once, a single one among hundreds does not; and what was heard long ago fades by itself (decision 0027).
/// A value: copying it copies what is believed.
/// </remarks>
internal struct Belief
{
    internal const int Levels = 10;

    private static readonly double[] _rates = [.01, .2, .4, .6, .75, .85, .92, .96, .985, .995];

    /// <summary>Where a candidate is that nobody has heard of, and where it goes when it changes.</summary>
    private static readonly double[] _usual = [.05, .01, .02, .03, .04, .07, .12, .18, .26, .22];

    /// <summary>The first level that is good: those below pass sooner.</summary>
    private const int Good = 5;

    [System.Runtime.CompilerServices.InlineArray(Levels)]
    private struct Shares
    {
        private double _first;
    }

    private Shares _share;

    public static double Rate(int level) => _rates[level];

    public readonly double Share(int level) => _share[level];

    public readonly double Mean
    {
        get
        {
            var mean = 0.0;
            for (var i = 0; i < Levels; i++) mean += _share[i] * _rates[i];
            return mean;
        }
    }

    public static Belief Usual()
    {
        var belief = new Belief();
        for (var i = 0; i < Levels; i++) belief._share[i] = _usual[i];
        return belief;
    }

    /// <summary>Time goes by without news.</summary>
    public void Wait(double seconds, RouterSettings settings)
    {
        if (seconds <= 0) return;
        var (bad, good) = (Math.Exp(-seconds / settings.BadSeconds), Math.Exp(-seconds / settings.GoodSeconds));
        var stays = 0.0;
        for (var i = 0; i < Levels; i++)
        {
            _share[i] *= i < Good ? bad : good;
            stays += _share[i];
        }

        for (var i = 0; i < Levels; i++) _share[i] += (1 - stays) * _usual[i];
    }

    public void Hear(bool succeeded)
    {
        for (var i = 0; i < Levels; i++) _share[i] *= succeeded ? _rates[i] : 1 - _rates[i];
        Normalise();
    }

    /// <summary>No answer yet, though a success would have come by now with this chance.</summary>
    public void HearNothing(double answeredByNow)
    {
        for (var i = 0; i < Levels; i++) _share[i] *= 1 - (_rates[i] * answeredByNow);
        Normalise();
    }

    private void Normalise()
    {
        var sum = 0.0;
        for (var i = 0; i < Levels; i++) sum += _share[i];
        for (var i = 0; i < Levels; i++) _share[i] /= sum;
    }
}
