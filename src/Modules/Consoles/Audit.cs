using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles;

/// <summary>One line of the audit: who did what to which thing, from where.</summary>
public sealed record AuditLine
{
    public long Id { get; init; }
    public string Person { get; init; } = "";
    public string Action { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Address { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>What people did in the consoles. Lines are only ever added.</summary>
public sealed class Audit(Database database, IdSource ids, TimeProvider clock)
{
    /// <param name="action">A stable word, for example <c>merchant.suspend</c>.</param>
    /// <param name="subject">The thing it was done to, and the new value where that matters; never a secret.</param>
    public async Task RecordAsync(string person, string action, string subject, string address)
    {
        var id = await ids.NextAsync();
        await database.WriteAsync(s => s.ExecuteAsync(
            "insert into audit (id, person, action, subject, address, at) values (@id, @person, @action, @subject, @address, @At)",
            new { id, person, action, subject, address, At = clock.Now() }));
    }

    /// <summary>Newest first; <paramref name="before"/> is the id of the last line of the page before.</summary>
    public Task<List<AuditLine>> ListAsync(string? person, long? before, int limit) => database.ReadAsync(s => s.QueryAsync<AuditLine>("""
        select id, person, action, subject, address, at from audit
        where (@person is null or person = @person) and id < @Before
        order by id desc limit @limit
        """, new { person, Before = before ?? long.MaxValue, limit }));
}
