using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles;

/// <summary>A name and a set of permissions that people of the operator have.</summary>
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

/// <summary>Somebody who works for the operator.</summary>
public sealed record StaffPerson
{
    public long Id { get; init; }
    public string Login { get; init; } = "";
    public string DisplayName { get; init; } = "";
    public string State { get; init; } = "";

    /// <summary>Null: everything is permitted.</summary>
    public long? StaffRoleId { get; init; }
    public string? RoleNameZh { get; init; }
    public string? RoleNameEn { get; init; }
    public string? Permissions { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }

    public bool IsActive => State == "active";
    public Rights Rights => StaffRoleId is null ? Rights.All : new(Permissions ?? "");
}

public abstract record StaffDecision
{
    private StaffDecision() { }

    public sealed record Saved(long Id) : StaffDecision;
    public sealed record Refused(StaffRefusal Why) : StaffDecision;

    /// <summary>The log-in, or the role's name, is another's.</summary>
    public sealed record Taken : StaffDecision;
}

/// <summary>The operator's people, their roles, and what each may do. Nobody changes what is above them, and one who manages staff always remains.</summary>
/// <remarks>Held by: tests/Integration/Consoles/StaffTests.cs.</remarks>
public sealed class Staff(Database database, IdSource ids, People people)
{
    public const int NameMax = 40;

    private const string OfPerson = """
        select p.id, p.login, p.display_name, p.state, p.staff_role_id, r.name_zh as role_name_zh, r.name_en as role_name_en, r.permissions, p.last_seen_at
        from person p left join staff_role r on r.id = p.staff_role_id where p.role = 'operator'
        """;

    public Task<List<StaffPerson>> ListAsync() => database.ReadAsync(ListAsync);

    public async Task<StaffPerson?> FindAsync(long id) => (await ListAsync()).Find(p => p.Id == id);

    public Task<List<StaffRole>> RolesAsync() => database.ReadAsync(s => s.QueryAsync<StaffRole>(
        "select r.id, r.name_zh, r.name_en, r.permissions, (select count(*) from person p where p.staff_role_id = r.id) as people from staff_role r order by r.id"));

    /// <param name="role">Null: everything is permitted to them.</param>
    public async Task<StaffDecision> AddAsync(long actor, string login, string password, string displayName, long? role)
    {
        var person = await people.PrepareAsync(login, password, Roles.Operator, 0, displayName);
        return await ChangeAsync(async (s, staff, roles) =>
        {
            if (RightsOf(role, roles) is not { } rights) return Refuse(StaffRefusal.Missing);
            if (StaffRules.Decide(Of(staff, actor), [rights], staff.ConvertAll(Member)) is { } why) return Refuse(why);
            if (!await people.AddAsync(s, person)) return new StaffDecision.Taken();
            await s.ExecuteAsync("update person set staff_role_id = @role where id = @Id", new { role, person.Id });
            return new StaffDecision.Saved(person.Id);
        });
    }

    public Task<StaffDecision> AssignAsync(long actor, long person, long? role) => ChangeAsync(async (s, staff, roles) =>
    {
        if (staff.Find(p => p.Id == person) is not { } before || RightsOf(role, roles) is not { } rights) return Refuse(StaffRefusal.Missing);
        var after = staff.ConvertAll(p => p.Id == person ? Member(p) with { Rights = rights } : Member(p));
        if (StaffRules.Decide(Of(staff, actor), [before.Rights, rights], after) is { } why) return Refuse(why);
        await s.ExecuteAsync("update person set staff_role_id = @role where id = @person", new { role, person });
        return new StaffDecision.Saved(person);
    });

    /// <summary>Lets somebody in, or keeps them out; whoever is kept out is out at the next request.</summary>
    public Task<StaffDecision> SwitchAsync(long actor, long person, bool isActive) => ChangeAsync(async (s, staff, _) =>
    {
        if (staff.Find(p => p.Id == person) is not { } before) return Refuse(StaffRefusal.Missing);
        var after = staff.ConvertAll(p => p.Id == person ? Member(p) with { IsActive = isActive } : Member(p));
        if (StaffRules.Decide(Of(staff, actor), [before.Rights], after) is { } why) return Refuse(why);
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
        return ChangeAsync(async (s, staff, _) =>
        {
            if (staff.Find(p => p.Id == person) is not { } found) return Refuse(StaffRefusal.Missing);
            if (StaffRules.Decide(Of(staff, actor), [found.Rights], staff.ConvertAll(Member)) is { } why) return Refuse(why);
            if (hash is not null) await people.ResetPasswordAsync(s, person, hash);
            await s.ExecuteAsync("delete from person_session where person_id = @person", new { person });
            return new StaffDecision.Saved(person);
        });
    }

    /// <param name="id">0: a new one.</param>
    public async Task<StaffDecision> SaveRoleAsync(long actor, long id, string nameZh, string nameEn, Rights rights)
    {
        var next = await ids.NextAsync();
        return await ChangeAsync(async (s, staff, roles) =>
        {
            var before = roles.Find(r => r.Id == id);
            if (id != 0 && before is null) return Refuse(StaffRefusal.Missing);
            var after = staff.ConvertAll(p => id != 0 && p.StaffRoleId == id ? Member(p) with { Rights = rights } : Member(p));
            if (StaffRules.Decide(Of(staff, actor), before is null ? [rights] : [before.Rights, rights], after) is { } why) return Refuse(why);
            if (roles.Exists(r => r.Id != id && r.NameZh == nameZh)) return new StaffDecision.Taken();
            if (before is null)
                await s.ExecuteAsync("insert into staff_role (id, name_zh, name_en, permissions) values (@next, @nameZh, @nameEn, @Codes)", new { next, nameZh, nameEn, rights.Codes });
            else
                await s.ExecuteAsync("update staff_role set name_zh = @nameZh, name_en = @nameEn, permissions = @Codes where id = @id", new { id, nameZh, nameEn, rights.Codes });
            return new StaffDecision.Saved(before?.Id ?? next);
        });
    }

    /// <summary>Takes a role away that nobody has.</summary>
    public Task<StaffDecision> RemoveRoleAsync(long actor, long id) => ChangeAsync(async (s, staff, roles) =>
    {
        if (roles.Find(r => r.Id == id) is not { } role) return Refuse(StaffRefusal.Missing);
        if (StaffRules.Decide(Of(staff, actor), [role.Rights], staff.ConvertAll(Member)) is { } why) return Refuse(why);
        if (staff.Exists(p => p.StaffRoleId == id)) return new StaffDecision.Taken();
        await s.ExecuteAsync("delete from staff_role where id = @id", new { id });
        return new StaffDecision.Saved(id);
    });

    // All changes one after the other: two who take staff.manage from each other at once would both see the other still there.
    private Task<StaffDecision> ChangeAsync(Func<Session, List<StaffPerson>, List<StaffRole>, Task<StaffDecision>> change) => database.WriteAsync(async s =>
    {
        await s.QueryAsync<long>($"select id from person where role = 'operator' order by id{s.ForUpdate}");
        var staff = await ListAsync(s);
        var roles = await s.QueryAsync<StaffRole>("select id, name_zh, name_en, permissions from staff_role");
        return await change(s, staff, roles);
    });

    private static Task<List<StaffPerson>> ListAsync(Session session) => session.QueryAsync<StaffPerson>($"{OfPerson} order by p.state, p.login");

    private static Rights? RightsOf(long? role, List<StaffRole> roles) => role is null ? Rights.All : roles.Find(r => r.Id == role)?.Rights;

    private static StaffMember Member(StaffPerson person) => new(person.Id, person.Rights, person.IsActive);

    private static StaffMember? Of(List<StaffPerson> staff, long id) => staff.Find(p => p.Id == id) is { } person ? Member(person) : null;

    private static StaffDecision Refuse(StaffRefusal why) => new StaffDecision.Refused(why);
}
