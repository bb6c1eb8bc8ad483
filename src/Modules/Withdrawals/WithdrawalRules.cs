using Lianka.Kernel;
using Lianka.Modules.Withdrawals.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Withdrawals;

/// <summary>The operator's rules for withdrawals, as settings <c>withdrawal.NAME</c>.</summary>
public sealed class WithdrawalRules(Database database)
{
    private const string Prefix = "withdrawal.";

    private sealed record Row
    {
        public string Name { get; init; } = "";
        public string Value { get; init; } = "";
    }

    public Task<WithdrawalTerms> TermsAsync() => database.ReadAsync(TermsAsync);

    internal static async Task<WithdrawalTerms> TermsAsync(Session session) => TermsText.Check(await TextsAsync(session)).Terms;

    /// <summary>Each rule as it is typed: <c>least</c>, <c>fee_bps</c> …</summary>
    public Task<Dictionary<string, string>> TextsAsync() => database.ReadAsync(TextsAsync);

    /// <summary>Sets rules; those not named stay. They hold for requests from now on.</summary>
    public Task<IReadOnlyList<FieldError>> SetAsync(IReadOnlyDictionary<string, string> values) => database.WriteAsync(async s =>
    {
        var texts = await TextsAsync(s);
        foreach (var (name, value) in values.Where(v => TermsText.Defaults.ContainsKey(v.Key))) texts[name] = value.Trim();
        var errors = TermsText.Check(texts).Errors;
        if (errors.Count > 0) return errors;
        foreach (var (name, value) in texts)
            await s.ExecuteAsync("insert into setting (name, value) values (@Name, @value) on conflict (name) do update set value = excluded.value", new { Name = Prefix + name, value });
        return errors;
    });

    private static async Task<Dictionary<string, string>> TextsAsync(Session session)
    {
        var texts = TermsText.Defaults.ToDictionary();
        foreach (var row in await session.QueryAsync<Row>("select name, value from setting where name in @Names", new { Names = TermsText.Defaults.Keys.Select(n => Prefix + n).ToArray() }))
            texts[row.Name[Prefix.Length..]] = row.Value;
        return texts;
    }
}
