using Lianka.Kernel;
using Lianka.Modules.TopUps.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.TopUps.Store;

/// <summary>Bonus rules with their steps, and what is used of them.</summary>
internal static class BonusStore
{
    private const string Columns =
        "select id, name_zh, name_en, from_at, to_at, times_max, total_max, budget, used, made_by, made_at, ended_at from bonus_rule";

    private sealed record StepRow
    {
        public long RuleId { get; init; }
        public Money FromAmount { get; init; }
        public Money Bonus { get; init; }
        public long Bps { get; init; }
    }

    private sealed record UseRow
    {
        public long RuleId { get; init; }
        public long Times { get; init; }
        public Money Total { get; init; }
    }

    /// <param name="forUpdate">Locks the rules, in the order of their numbers; empty: only reads.</param>
    public static async Task<List<BonusRule>> RunningAsync(Session session, DateTimeOffset now, string forUpdate) => await WithStepsAsync(session,
        await session.QueryAsync<BonusRule>($"{Columns} where ended_at is null and from_at <= @now and to_at > @now order by id{forUpdate}", new { now }));

    public static async Task<BonusRule?> FindAsync(Session session, long id, string forUpdate) =>
        await session.FirstAsync<BonusRule>($"{Columns} where id = @id{forUpdate}", new { id }) is { } rule ? (await WithStepsAsync(session, [rule]))[0] : null;

    public static async Task<List<BonusRule>> NewestAsync(Session session, int limit) =>
        await WithStepsAsync(session, await session.QueryAsync<BonusRule>($"{Columns} order by id desc limit @limit", new { limit }));

    private static async Task<List<BonusRule>> WithStepsAsync(Session session, List<BonusRule> rules)
    {
        if (rules.Count == 0) return rules;
        var steps = (await session.QueryAsync<StepRow>(
            $"select rule_id, from_amount, bonus, bps from bonus_step where {session.AnyOf("rule_id", "@ids")} order by from_amount", new { ids = session.List(rules.Select(r => r.Id)) }))
            .ToLookup(s => s.RuleId, s => new BonusStep { FromAmount = s.FromAmount, Bonus = s.Bonus, Bps = s.Bps });
        return rules.ConvertAll(r => r with { Steps = [.. steps[r.Id]] });
    }

    public static async Task InsertAsync(Session session, BonusRule rule)
    {
        await session.ExecuteAsync(
            """
            insert into bonus_rule (id, name_zh, name_en, from_at, to_at, times_max, total_max, budget, made_by, made_at)
            values (@Id, @NameZh, @NameEn, @FromAt, @ToAt, @TimesMax, @TotalMax, @Budget, @MadeBy, @MadeAt)
            """,
            new { rule.Id, rule.NameZh, rule.NameEn, rule.FromAt, rule.ToAt, rule.TimesMax, TotalMax = rule.TotalMax?.Units, rule.Budget, rule.MadeBy, rule.MadeAt });
        foreach (var step in rule.Steps)
        {
            await session.ExecuteAsync(
                "insert into bonus_step (rule_id, from_amount, bonus, bps) values (@Id, @FromAmount, @Bonus, @Bps)", new { rule.Id, step.FromAmount, step.Bonus, step.Bps });
        }
    }

    /// <summary>What a merchant was promised and given of each rule.</summary>
    public static async Task<Dictionary<long, BonusUse>> UsesAsync(Session session, MerchantId merchant, IReadOnlyList<BonusRule> rules) => rules.Count == 0 ? [] :
        (await session.QueryAsync<UseRow>(
            $"""
            select rule_id, count(*) as times, cast(sum(bonus) as bigint) as total from top_up
            where {session.AnyOf("rule_id", "@ids")} and merchant_id = @merchant and state in ('open', 'paid') and bonus > 0 group by rule_id
            """, new { ids = session.List(rules.Select(r => r.Id)), merchant })).ToDictionary(r => r.RuleId, r => new BonusUse(r.Times, r.Total));

    /// <summary>Promises more of a rule; below zero: less. The table refuses more than its budget.</summary>
    public static Task UseAsync(Session session, long rule, Money bonus) =>
        session.ExecuteAsync("update bonus_rule set used = used + @bonus where id = @rule", new { bonus, rule });
}
