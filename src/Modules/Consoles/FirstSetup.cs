using System.Security.Cryptography;
using System.Text;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles;

/// <summary>The way into an empty installation: a one-time address at which the first operator account is made.</summary>
public sealed class FirstSetup(Database database, People people, Merchants merchants, Ledger.Ledger ledger)
{
    private const string Setting = "setup_token";

    /// <summary>Makes a new token when there is no operator yet; an older one stops working.</summary>
    /// <returns>The path to print for the person at the machine; null when the installation has an operator.</returns>
    public Task<string?> OpenAsync()
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        return database.WriteAsync(async s =>
        {
            if (await people.AnyOperatorAsync(s)) return null;
            await s.ExecuteAsync(
                "insert into setting (name, value) values (@Setting, @Hash) on conflict (name) do update set value = excluded.value",
                new { Setting, Hash = HashOf(token) });
            return $"/setup?token={token}";
        });
    }

    /// <summary>True while this token would let somebody make the operator account.</summary>
    public Task<bool> IsOpenAsync(string? token) => database.ReadAsync(async s =>
        token is not null && !await people.AnyOperatorAsync(s)
        && await s.ScalarAsync<string>("select value from setting where name = @Setting", new { Setting }) == HashOf(token));

    /// <summary>Makes the operator and burns the token, in one transaction.</summary>
    /// <returns>False when the token is not the one in force, or somebody was faster.</returns>
    public async Task<bool> CompleteAsync(string token, NewPerson person) => await database.WriteAsync(async s =>
        // The delete is the lock: of two browsers with the same token one removes the row, the other finds none.
        await s.ExecuteAsync("delete from setting where name = @Setting and value = @Hash", new { Setting, Hash = HashOf(token) }) == 1
        && !await people.AnyOperatorAsync(s)
        && await people.AddAsync(s, person));

    /// <summary>What every shop begins with: three levels to rename, and the platform's own accounts.</summary>
    public async Task MakeDefaultsAsync()
    {
        if ((await merchants.ListLevelsAsync()).Count == 0)
            foreach (var (rank, zh, en) in ((string, string, string)[])[("1", "总代", "General agent"), ("2", "一级代理", "First-level agent"), ("3", "二级代理", "Second-level agent")])
                await merchants.SaveLevelAsync(new LevelDraft { Rank = rank, NameZh = zh, NameEn = en });
        await database.WriteAsync(async s =>
        {
            foreach (var kind in (string[])[AccountKinds.Revenue, AccountKinds.Fees, AccountKinds.Marketing, AccountKinds.Loss, AccountKinds.Clearing("bank")])
                await ledger.OpenAsync(s, kind, Parties.Platform);
        });
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
