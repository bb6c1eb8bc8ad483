using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;
using Lianka.Platform.Http;

namespace Lianka.Modules.Agents;

public enum DomainState
{
    /// <summary>Its owner has not shown yet that it is theirs.</summary>
    Waiting,

    /// <summary>The shop stands there.</summary>
    Proved,

    /// <summary>Another shop has proved it since.</summary>
    Lost,
}

/// <summary>A domain that a merchant names for its shop.</summary>
/// <param name="RecordName">Where in the DNS the text has to stand.</param>
/// <param name="RecordText">The text, which nobody else was told.</param>
/// <param name="CheckedAt">When it was looked for last; null: never.</param>
/// <param name="IsAnswered">False: the resolver could not be asked then.</param>
public sealed record ShopDomain(string Name, DomainState State, string RecordName, string RecordText, DateTimeOffset? CheckedAt, bool IsAnswered);

/// <summary>Domains of shops: named by a merchant, proved by a text in the domain's DNS that only its owner can place there.</summary>
/// <remarks>
/// That the name points here proves nothing: whoever finds a domain that was left pointing here could take it. The newest proof counts, so
/// that a domain which was sold follows its new owner. Every change raises the version 'access'.
/// Held by: tests/Integration/Shop/DomainTests.cs.
/// </remarks>
public sealed class ShopDomains(Database database, Access access, GuardedHttp http, TimeProvider clock)
{
    /// <summary>An address that answers DNS questions in JSON: <c>?name=…&amp;type=TXT</c>.</summary>
    public const string ResolverSetting = "domain.resolver";

    private const string ResolverDefault = "https://dns.alidns.com/resolve";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    /// <summary>The shop that stands at a host name of its own; null: none does. No database.</summary>
    public Storefront? FindByHost(string host) => access.FindByHost(DomainRules.Host(host));

    /// <summary>Names a shop's domain in the caller's transaction. The same name again keeps its text and state.</summary>
    /// <param name="name">As it was read; empty: none; null: it stays as it is.</param>
    internal static async Task<Storefront> NameAsync(Session s, Storefront shop, string? name)
    {
        if (name is null || (shop.Domain?.Name ?? "") == name) return shop;
        var token = name.Length > 0 ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : "";
        await s.ExecuteAsync(
            """
            update storefront set domain = @name, domain_token = @token, domain_state = 'waiting', domain_checked_at = null, domain_answered = 0
            where id = @Id
            """, new { shop.Id, name, token });
        return (await StorefrontRow.FindAsync(s, shop.Merchant, shop.Id))!;
    }

    /// <summary>Looks for the text. A domain that is proved stays so, whatever the answer.</summary>
    /// <param name="tenant">The owner; another merchant's shop is as if it did not exist. Null: the operator.</param>
    public async Task<AgentsDecision<Storefront>> ProveAsync(MerchantId? tenant, StorefrontId id, CancellationToken cancel = default)
    {
        var asked = await database.ReadAsync(s => StorefrontRow.FindAsync(s, tenant, id), cancel);
        if (asked?.Domain is not { } domain) return new AgentsDecision<Storefront>.Missing();
        var isThere = await LookAsync(domain, cancel);
        var decision = await database.WriteAsync<AgentsDecision<Storefront>>(async s =>
        {
            await s.RaiseAccessAsync();
            if (await StorefrontRow.FindAsync(s, tenant, id) is not { } shop) return new AgentsDecision<Storefront>.Missing();
            // Meanwhile it may have been named anew: what was looked for is another text then.
            if (shop.Domain?.RecordText != domain.RecordText) return new AgentsDecision<Storefront>.Saved(shop);
            if (isThere == true)
                await s.ExecuteAsync("update storefront set domain_state = 'lost' where domain = @Name and domain_state = 'proved' and id <> @id", new { domain.Name, id });
            await s.ExecuteAsync(
                "update storefront set domain_state = case when @IsThere = 1 then 'proved' else domain_state end, domain_checked_at = @Now, domain_answered = @Answered where id = @id",
                new { id, IsThere = isThere == true ? 1 : 0, Now = clock.Now(), Answered = isThere is null ? 0 : 1 });
            return new AgentsDecision<Storefront>.Saved((await StorefrontRow.FindAsync(s, tenant, id))!);
        }, cancel);
        await access.RefreshAsync(cancel);
        return decision;
    }

    /// <returns>Null when the resolver gave no answer.</returns>
    private async Task<bool?> LookAsync(ShopDomain domain, CancellationToken cancel)
    {
        var set = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = @ResolverSetting", new { ResolverSetting }), cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{(string.IsNullOrEmpty(set) ? ResolverDefault : set)}?name={domain.RecordName}&type=TXT");
        request.Headers.Accept.ParseAdd("application/dns-json");
        return await http.CallAsync(request, _limit, cancel) is CallOutcome.Answered { Status: 200 } answer ? DomainRules.Holds(answer.Body, domain.RecordText) : null;
    }
}
