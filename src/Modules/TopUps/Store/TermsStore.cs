using System.Globalization;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.TopUps.Store;

/// <summary>The rules for top-ups as settings.</summary>
internal static class TermsStore
{
    private const string Min = "top_up.min", Max = "top_up.max", DayMax = "top_up.day_max", FeeBps = "top_up.fee_bps", Hours = "top_up.hours";

    private sealed record Row
    {
        public string Name { get; init; } = "";
        public string Value { get; init; } = "";
    }

    /// <summary>What was never set stands as <see cref="TopUpTerms.Default"/> says.</summary>
    public static async Task<TopUpTerms> ReadAsync(Session session)
    {
        var set = (await session.QueryAsync<Row>("select name, value from setting where name in @Names", new { Names = new[] { Min, Max, DayMax, FeeBps, Hours } }))
            .ToDictionary(r => r.Name, r => r.Value);
        var terms = TopUpTerms.Default;
        return new TopUpTerms(Amount(Min, terms.Min), Amount(Max, terms.Max), Amount(DayMax, terms.DayMax), Number(FeeBps, terms.FeeBps), Number(Hours, terms.Hours));

        Money Amount(string name, Money fallback) => Money.TryParse(set.GetValueOrDefault(name), out var value) ? value : fallback;
        long Number(string name, long fallback) => long.TryParse(set.GetValueOrDefault(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
    }

    public static async Task WriteAsync(Session session, TopUpTerms terms)
    {
        (string Name, string Value)[] all =
        [
            (Min, terms.Min.Text(2)), (Max, terms.Max.Text(2)), (DayMax, terms.DayMax.Text(2)),
            (FeeBps, terms.FeeBps.ToString(CultureInfo.InvariantCulture)), (Hours, terms.Hours.ToString(CultureInfo.InvariantCulture)),
        ];
        foreach (var (name, value) in all)
        {
            await session.ExecuteAsync(
                "insert into setting (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value", new { name, value });
        }
    }
}
