using System.Collections.Concurrent;
using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;


/// <summary>Which account is whose. An account never changes its number, so what was found once holds for ever.</summary>
internal sealed class AccountIds
{
    private readonly ConcurrentDictionary<AccountName, AccountId> _known = [];

    private sealed record Row
    {
        public AccountId Id { get; init; }
        public string Kind { get; init; } = "";
        public long PartyId { get; init; }
    }

    /// <returns>The accounts that exist; a name without one is left out.</returns>
    public async Task<Dictionary<AccountName, AccountId>> FindAsync(Session session, IReadOnlyCollection<AccountName> names)
    {
        var unknown = names.Where(n => !_known.ContainsKey(n)).Select(n => n.Party).Distinct().ToList();
        if (unknown.Count > 0)
        {
            var rows = await session.QueryAsync<Row>(
                $"select id, kind, party_id from account where {session.AnyOf("party_id", "@parties")} and currency = 'CNY'",
                new { parties = session.List(unknown) });
            foreach (var row in rows) _known[new AccountName(row.Kind, row.PartyId)] = row.Id;
        }

        var found = new Dictionary<AccountName, AccountId>(names.Count);
        foreach (var name in names)
            if (_known.TryGetValue(name, out var id)) found[name] = id;
        return found;
    }
}
