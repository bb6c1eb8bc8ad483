using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles;

/// <summary>Whose people some are: the operator's, one merchant's, or one supplier's.</summary>
/// <param name="PartyId">0 for the operator.</param>
public readonly record struct Employer(string Role, long PartyId)
{
    public static readonly Employer Operator = new(Roles.Operator, 0);

    public static Employer Of(Person person) => new(person.Role, person.PartyId);
}

/// <summary>A name and a set of permissions that people of one employer have.</summary>
public sealed record StaffRole
{
    public long Id { get; init; }
    public string NameZh { get; init; } = "";

    /// <summary>May be empty.</summary>
    public string NameEn { get; init; } = "";
    public string Permissions { get; init; } = "";

    /// <summary>So many people have it.</summary>
    public long People { get; init; }

    public Rights Rights => new(Permissions);
}

/// <summary>Somebody who works for an employer.</summary>
public sealed record StaffPerson
{
    public long Id { get; init; }
    public string Login { get; init; } = "";
    public string DisplayName { get; init; } = "";
    public string State { get; init; } = "";

    /// <summary>Null: everything is permitted.</summary>
    public long? PersonRoleId { get; init; }
    public string? RoleNameZh { get; init; }
    public string? RoleNameEn { get; init; }
    public string? Permissions { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }

    public bool IsActive => State == "active";
    public Rights Rights => PersonRoleId is null ? Rights.All : new(Permissions ?? "");
}

public abstract record StaffDecision
{
    private StaffDecision() { }

    public sealed record Saved(long Id) : StaffDecision;
    public sealed record Refused(StaffRefusal Why) : StaffDecision;

    /// <summary>The log-in, or the role's name, is another's.</summary>
    public sealed record Taken : StaffDecision;
}

/// <summary>
/// The people of the operator, of each merchant and of each supplier, their roles, and what each may do. Nobody changes what is above them, sees or
/// changes those of another employer, and one who manages staff always remains.
/// </summary>
/// <remarks>Held by: tests/Integration/Consoles/StaffTests.cs.</remarks>
public sealed class Staff(Database database, IdSource ids, People people, SecurityChanges changes)
{
    public const int NameMax = 40;

    /// <summary>Of one employer: pages list all of them.</summary>
    public const int PeopleMax = 200, RolesMax = 50;

    private const string OfPerson = """
        select p.id, p.login, p.display_name, p.state, p.person_role_id, r.name_zh as role_name_zh, r.name_en as role_name_en, r.permissions, p.last_seen_at
        from person p left join person_role r on r.id = p.person_role_id where p.party_id = @PartyId and p.role = @Role
        """;

    public Task<List<StaffPerson>> ListAsync(Employer of) => database.ReadAsync(s => ListAsync(s, of));

    /// <returns>Null also when they are another employer's.</returns>
    public async Task<StaffPerson?> FindAsync(Employer of, long id) => (await ListAsync(of)).Find(p => p.Id == id);

    public Task<List<StaffRole>> RolesAsync(Employer of) => database.ReadAsync(s => s.QueryAsync<StaffRole>(
        """
        select r.id, r.name_zh, r.name_en, r.permissions, (select count(*) from person p where p.person_role_id = r.id) as people
        from person_role r where r.role = @Role and r.party_id = @PartyId order by r.id
        """, of));

    // What follows is done among the people of whoever wants it: the employer is the actor's own, and no parameter.

    /// <param name="role">Null: everything is permitted to them.</param>
    public async Task<StaffDecision> AddAsync(long actor, string login, string password, string displayName, long? role)
    {
        var of = await EmployerOfAsync(actor);
        var person = await people.PrepareAsync(login, password, of.Role, of.PartyId, displayName);
        return await ChangeAsync(actor, async (s, _, staff, roles) =>
        {
            if (RightsOf(role, roles) is not { } rights) return Refuse(StaffRefusal.Missing);
            if (Decide(of, actor, staff, [rights], staff.ConvertAll(Member)) is { } why) return Refuse(why);
            if (staff.Count >= PeopleMax) return Refuse(StaffRefusal.TooMany);
            if (!await people.AddAsync(s, person, role, rights)) return new StaffDecision.Taken();
            return new StaffDecision.Saved(person.Id);
        });
    }

    public Task<StaffDecision> AssignAsync(long actor, long person, long? role) => ChangeAsync(actor, async (s, of, staff, roles) =>
    {
        if (staff.Find(p => p.Id == person) is not { } before || RightsOf(role, roles) is not { } rights) return Refuse(StaffRefusal.Missing);
        var after = staff.ConvertAll(p => p.Id == person ? Member(p) with { Rights = rights } : Member(p));
        if (Decide(of, actor, staff, [before.Rights, rights], after) is { } why) return Refuse(why);
        await NoteAsync(s, of, staff, after);
        await s.ExecuteAsync("update person set person_role_id = @role where id = @person", new { role, person });
        return new StaffDecision.Saved(person);
    });

    /// <summary>Lets somebody in, or keeps them out; whoever is kept out is out at the next request.</summary>
    public Task<StaffDecision> SwitchAsync(long actor, long person, bool isActive) => ChangeAsync(actor, async (s, of, staff, _) =>
    {
        if (staff.Find(p => p.Id == person) is not { } before) return Refuse(StaffRefusal.Missing);
        var after = staff.ConvertAll(p => p.Id == person ? Member(p) with { IsActive = isActive } : Member(p));
        if (Decide(of, actor, staff, [before.Rights], after) is { } why) return Refuse(why);
        await NoteAsync(s, of, staff, after);
        await s.ExecuteAsync("update person set state = @State where id = @person", new { State = isActive ? "active" : "blocked", person });
        if (!isActive) await s.ExecuteAsync("delete from person_session where person_id = @person", new { person });
        return new StaffDecision.Saved(person);
    });

    /// <summary>Sets a new password for somebody who has lost theirs, or ends where they are logged in.</summary>
    /// <param name="password">Null: the one they have stays.</param>
    public Task<StaffDecision> HelpAsync(long actor, long person, string? password)
    {
        // Hashing is slow, so it happens outside of the lock.
        var hash = password is null ? null : People.HashOf(password);
        return ChangeAsync(actor, async (s, of, staff, _) =>
        {
            if (staff.Find(p => p.Id == person) is not { } found) return Refuse(StaffRefusal.Missing);
            if (Decide(of, actor, staff, [found.Rights], staff.ConvertAll(Member)) is { } why) return Refuse(why);
            if (hash is not null) await people.ResetPasswordAsync(s, person, hash);
            await s.ExecuteAsync("delete from person_session where person_id = @person", new { person });
            return new StaffDecision.Saved(person);
        });
    }

    /// <param name="id">0: a new one.</param>
    public async Task<StaffDecision> SaveRoleAsync(long actor, long id, string nameZh, string nameEn, Rights rights)
    {
        var next = await ids.NextAsync();
        return await ChangeAsync(actor, async (s, of, staff, roles) =>
        {
            var before = roles.Find(r => r.Id == id);
            if (id != 0 && before is null) return Refuse(StaffRefusal.Missing);
            var after = staff.ConvertAll(p => id != 0 && p.PersonRoleId == id ? Member(p) with { Rights = rights } : Member(p));
            if (Decide(of, actor, staff, before is null ? [rights] : [before.Rights, rights], after) is { } why) return Refuse(why);
            if (roles.Exists(r => r.Id != id && r.NameZh == nameZh)) return new StaffDecision.Taken();
            if (before is null && roles.Count >= RolesMax) return Refuse(StaffRefusal.TooMany);
            await NoteAsync(s, of, staff, after);
            if (before is null)
                await s.ExecuteAsync(
                    "insert into person_role (id, role, party_id, name_zh, name_en, permissions) values (@next, @Role, @PartyId, @nameZh, @nameEn, @Codes)",
                    new { next, of.Role, of.PartyId, nameZh, nameEn, rights.Codes });
            else
                await s.ExecuteAsync("update person_role set name_zh = @nameZh, name_en = @nameEn, permissions = @Codes where id = @id", new { id, nameZh, nameEn, rights.Codes });
            return new StaffDecision.Saved(before?.Id ?? next);
        });
    }

    /// <summary>Takes a role away that nobody has.</summary>
    public Task<StaffDecision> RemoveRoleAsync(long actor, long id) => ChangeAsync(actor, async (s, of, staff, roles) =>
    {
        if (roles.Find(r => r.Id == id) is not { } role) return Refuse(StaffRefusal.Missing);
        if (Decide(of, actor, staff, [role.Rights], staff.ConvertAll(Member)) is { } why) return Refuse(why);
        if (staff.Exists(p => p.PersonRoleId == id)) return new StaffDecision.Taken();
        await s.ExecuteAsync("delete from person_role where id = @id", new { id });
        return new StaffDecision.Saved(id);
    });

    // All changes of one employer one after the other: two who take the managing from each other at once would both see the other still there.
    private Task<StaffDecision> ChangeAsync(long actor, Func<Session, Employer, List<StaffPerson>, List<StaffRole>, Task<StaffDecision>> change) => database.WriteAsync(async s =>
    {
        var of = await EmployerOfAsync(s, actor);
        await s.QueryAsync<long>($"select id from person where party_id = @PartyId and role = @Role order by id{s.ForUpdate}", of);
        var staff = await ListAsync(s, of);
        var roles = await s.QueryAsync<StaffRole>("select id, name_zh, name_en, permissions from person_role where role = @Role and party_id = @PartyId", of);
        return await change(s, of, staff, roles);
    });

    private Task<Employer> EmployerOfAsync(long actor) => database.ReadAsync(s => EmployerOfAsync(s, actor));

    private static async Task<Employer> EmployerOfAsync(Session session, long actor) =>
        await session.FirstAsync<PersonRow>("select role, party_id from person where id = @actor", new { actor }) is { } row ? new(row.Role, row.PartyId)
            : throw new ArgumentException("There is no such person.", nameof(actor));

    private static StaffRefusal? Decide(Employer of, long actor, List<StaffPerson> staff, IEnumerable<Rights> touched, IEnumerable<StaffMember> after) =>
        StaffRules.Decide(Permissions.ManageStaffOf(of.Role), Of(staff, actor), touched, after);

    /// <summary>Whoever is let to the money of a merchant or supplier is to it as a new log-in.</summary>
    private async Task NoteAsync(Session session, Employer of, List<StaffPerson> staff, List<StaffMember> after)
    {
        if (of.Role == Roles.Operator) return;
        foreach (var person in staff.Where(p => !(p.IsActive && p.Rights.PayOut) && after.Exists(a => a.Id == p.Id && a.IsActive && a.Rights.PayOut)))
            await changes.NoteAsync(session, of.PartyId, "login", person.Login);
    }

    private static Task<List<StaffPerson>> ListAsync(Session session, Employer of) => session.QueryAsync<StaffPerson>($"{OfPerson} order by p.state, p.login", of);

    private static Rights? RightsOf(long? role, List<StaffRole> roles) => role is null ? Rights.All : roles.Find(r => r.Id == role)?.Rights;

    private static StaffMember Member(StaffPerson person) => new(person.Id, person.Rights, person.IsActive);

    private static StaffMember? Of(List<StaffPerson> staff, long id) => staff.Find(p => p.Id == id) is { } person ? Member(person) : null;

    private static StaffDecision Refuse(StaffRefusal why) => new StaffDecision.Refused(why);
}
