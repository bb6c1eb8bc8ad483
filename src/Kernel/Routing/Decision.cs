using System.Text.Json;

namespace Lianka.Kernel.Routing;

/// <summary>Which candidate goes first and why, from data that can be shown.</summary>
public sealed record Decision
{
    /// <summary>Standings kept in the stored form: the first ones, and the cheapest.</summary>
    private const int StoredMax = 10;

    public required Why Why { get; init; }

    /// <summary>The cheapest candidate, when it was not chosen: the one that <see cref="Why"/> speaks of.</summary>
    public required long? Instead { get; init; }

    /// <summary>All candidates, best first. The second is where to go next when the first fails for good before anything else is known.</summary>
    public required IReadOnlyList<Standing> Ranked { get; init; }

    public long Chosen => Ranked[0].Id;

    /// <summary>The form to keep with an order: one line of JSON, up to about 600 bytes, whose meaning never changes.</summary>
    /// <remarks><c>seen</c>: id, trust, outcomes, successes, run, silent, milliseconds, cost, expected bps.</remarks>
    public string ToJson()
    {
        var kept = Ranked.Where((s, i) => i < StoredMax - 1 || s.Id == Instead).Take(StoredMax);
        return JsonSerializer.Serialize(new Stored(1, Name(Why), Instead,
            [.. kept.Select(s => new[] { s.Id, (long)s.Trust, s.Of, s.Succeeded, s.Run, s.Silent, s.Milliseconds, s.CostUnits, s.ExpectedBps })]), _json);
    }

    /// <summary>Reads the stored form.</summary>
    /// <returns>Null when it is not one, or one of a later version: then there is no explanation to show.</returns>
    public static Decision? FromJson(string? json)
    {
        if (string.IsNullOrEmpty(json)) return null;
        try
        {
            if (JsonSerializer.Deserialize<Stored>(json, _json) is not { V: 1, Seen.Length: > 0 } stored || stored.Seen.Any(s => s is not { Length: 9 })) return null;
            if (!Array.Exists(Enum.GetValues<Why>(), w => Name(w) == stored.Why)) return null;
            return new Decision
            {
                Why = Array.Find(Enum.GetValues<Why>(), w => Name(w) == stored.Why),
                Instead = stored.Instead,
                Ranked = [.. stored.Seen.Select(s => new Standing
                {
                    Id = s[0], Trust = (Trust)s[1], Of = (int)s[2], Succeeded = (int)s[3], Run = (int)s[4], Silent = (int)s[5],
                    Milliseconds = s[6], CostUnits = s[7], ExpectedBps = (int)s[8],
                })],
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private static string Name(Why why) => JsonNamingPolicy.SnakeCaseLower.ConvertName(why.ToString());

    private sealed record Stored(int V, string Why, long? Instead, long[][] Seen);
}
