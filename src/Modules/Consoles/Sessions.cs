using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles;

/// <summary>One place where a person is logged in.</summary>
public sealed record OpenSession
{
    public long Id { get; init; }

    /// <summary>What the browser said of itself; <see cref="Core.Device"/> reads it.</summary>
    public string Agent { get; init; } = "";

    /// <summary>Where it logged in from.</summary>
    public string Address { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>To within <see cref="Sessions.SeenEach"/>.</summary>
    public DateTimeOffset SeenAt { get; init; }
}

/// <summary>Where people are logged in. A session that has ended, was not used for long, or is older than the password opens nothing any more.</summary>
/// <remarks>Held by: tests/Integration/Consoles/SessionTests.cs.</remarks>
public sealed class Sessions(Database database, IdSource ids, TimeProvider clock)
{
    /// <summary>Unused for so long, a session is over.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>A write for every request would tell nobody more.</summary>
    public static readonly TimeSpan SeenEach = TimeSpan.FromMinutes(1);

    /// <summary>Of one person; another log-in ends the one that was used least lately.</summary>
    public const int SessionsMax = 50;

    private const int AgentMax = 300;
    private static readonly TimeSpan _seenWithin = TimeSpan.FromMilliseconds(200);

    // The stamp in the row, and not a lock: a log-in with the old password that ends after the change makes a session that is over from the start.
    private const string Living = $"from person_session s join person p on p.id = s.person_id and p.stamp = s.stamp {PersonRow.WithRole} where p.state = 'active' and s.seen_at > @Since";

    private DateTimeOffset Since => clock.Now() - Idle;

    /// <returns>Its number, for the cookie.</returns>
    public async Task<long> BeginAsync(Person person, string agent, string address)
    {
        var id = await ids.NextAsync();
        var now = clock.Now();
        await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("delete from person_session where person_id = @Id and (seen_at <= @Since or stamp <> @Stamp)", new { person.Id, Since, person.Stamp });
            await s.ExecuteAsync(
                "delete from person_session where person_id = @Id and id not in (select id from person_session where person_id = @Id order by seen_at desc, id desc limit @Others)",
                new { person.Id, Others = SessionsMax - 1 });
            await s.ExecuteAsync(
                "insert into person_session (id, person_id, stamp, agent, address, created_at, seen_at) values (@id, @Person, @Stamp, @Agent, @address, @now, @now)",
                new { id, Person = person.Id, person.Stamp, Agent = string.Concat(agent.Where(char.IsAscii).Take(AgentMax)), address, now });
        });
        return id;
    }

    /// <returns>Null when it has ended, or is another person's: after a restore from a backup, numbers are given out again.</returns>
    public async Task<Person?> PersonOfAsync(long person, long session) => (await FindAsync(person, session))?.ToPerson();

    /// <summary>The same for a request, which keeps the session from ending unused.</summary>
    public async Task<Person?> UseAsync(long person, long session)
    {
        if (await FindAsync(person, session) is not { } row) return null;
        if (clock.Now() - row.SeenAt >= SeenEach) await SeenAsync(session, clock.Now());
        return row.ToPerson();
    }

    /// <summary>Whoever writes for long (an import into SQLite) keeps no page waiting: a later request tells it.</summary>
    private async Task SeenAsync(long session, DateTimeOffset now)
    {
        using var patience = new CancellationTokenSource(_seenWithin);
        try
        {
            // The moment in the condition too: of requests that come at once, one writes.
            await database.WriteAsync(
                s => s.ExecuteAsync("update person_session set seen_at = @now where id = @session and seen_at <= @Before", new { session, now, Before = now - SeenEach }), patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It stands as it stood.
        }
    }

    private Task<PersonRow?> FindAsync(long person, long session) => database.ReadAsync(s => s.FirstAsync<PersonRow>(
        $"{PersonRow.Columns}, s.seen_at {Living} and s.id = @session and s.person_id = @person", new { session, person, Since }));

    /// <summary>Where a person is logged in, the one used last first.</summary>
    public Task<List<OpenSession>> OfAsync(long person) => database.ReadAsync(s => s.QueryAsync<OpenSession>(
        $"select s.id, s.agent, s.address, s.created_at, s.seen_at {Living} and s.person_id = @person order by s.seen_at desc, s.id desc", new { person, Since }));

    /// <summary>Ends one; that of another person stays.</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> EndAsync(long person, long session) =>
        await database.WriteAsync(s => s.ExecuteAsync("delete from person_session where id = @session and person_id = @person", new { session, person })) == 1;

    public Task EndOthersAsync(long person, long except) =>
        database.WriteAsync(s => s.ExecuteAsync("delete from person_session where person_id = @person and id <> @except", new { person, except }));
}
