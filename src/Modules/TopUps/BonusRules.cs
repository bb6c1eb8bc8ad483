using Lianka.Kernel;
using Lianka.Modules.TopUps.Core;
using Lianka.Modules.TopUps.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.TopUps;

/// <summary>The front door of bonus rules: made once, never changed, ended early where need be; what was promised stays promised.</summary>
public sealed class BonusRules(Database database, IdSource ids, TimeProvider clock)
{
    private const int ListMax = 200;

    /// <summary>Newest first.</summary>
    public Task<List<BonusRule>> ListAsync(CancellationToken cancel = default) => database.ReadAsync(s => BonusStore.NewestAsync(s, ListMax), cancel);

    /// <summary>Those that promise something now, oldest first.</summary>
    public Task<List<BonusRule>> RunningAsync(CancellationToken cancel = default) => database.ReadAsync(s => BonusStore.RunningAsync(s, clock.Now(), ""), cancel);

    public Task<BonusRule?> FindAsync(long id, CancellationToken cancel = default) => database.ReadAsync(s => BonusStore.FindAsync(s, id, ""), cancel);

    public async Task<BonusDecision> CreateAsync(BonusDraft draft, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var rule = BonusDraftRule.Check(draft, new BonusRule { Id = await ids.NextAsync(), MadeBy = actor, MadeAt = clock.Now() }, check);
        if (check.Errors.Count > 0) return new BonusDecision.Refused(check.Errors);
        await database.WriteAsync(s => BonusStore.InsertAsync(s, rule), cancel);
        return new BonusDecision.Saved(rule);
    }

    /// <summary>It promises nothing more from now on.</summary>
    /// <returns>False: it is not there, or is over already.</returns>
    public async Task<bool> EndAsync(long id, CancellationToken cancel = default) => await database.WriteAsync(
        s => s.ExecuteAsync("update bonus_rule set ended_at = @Now where id = @id and ended_at is null and to_at > @Now", new { id, Now = clock.Now() }), cancel) == 1;
}
