using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Compliance;

/// <summary>The last time that something changed which tells a thief from the owner.</summary>
public sealed record SecurityChange
{
    /// <summary><c>password</c>, <c>login</c>, <c>passkey</c>, <c>payee</c> or <c>real_name</c>.</summary>
    public string Kind { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Changes after which a party's money stays where it is for a while: whoever stole a password has it then, and the owner has time to notice.</summary>
/// <remarks>People whom the money does not leave by change nothing here: the caller leaves theirs out. Held by: tests/Integration/Withdrawals/CoolDownTests.cs, tests/Integration/Consoles/TenantStaffTests.cs.</remarks>
public sealed class SecurityChanges(IdSource ids, TimeProvider clock)
{
    /// <summary>Writes a change down, in the transaction that makes it.</summary>
    /// <param name="party">The merchant or supplier whose people, account or name changed.</param>
    /// <param name="actor">Who changed it.</param>
    public async Task NoteAsync(Session session, long party, string kind, string actor) => await session.ExecuteAsync(
        "insert into security_change (id, party_id, kind, actor, at) values (@Id, @party, @kind, @actor, @Now)",
        new { Id = await ids.NextAsync(session), party, kind, actor, Now = clock.Now() });

    /// <returns>Null when there never was one.</returns>
    public static Task<SecurityChange?> LastAsync(Session session, long party) => session.FirstAsync<SecurityChange>(
        "select kind, at from security_change where party_id = @party order by at desc, id desc limit 1", new { party });
}
