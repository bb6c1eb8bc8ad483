using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles.App;

public sealed record SavedView
{
    public long Id { get; init; }
    public string Path { get; init; } = "";

    /// <summary>The filter as it stands in the address, without the question mark.</summary>
    public string Query { get; init; } = "";
    public string Name { get; init; } = "";
}

public sealed record ViewDraft(string Path, string Query, string Name);

/// <summary>The filters that a person keeps under names. Each person sees their own.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ApplicationTests.cs.</remarks>
public sealed class SavedViews(Database database, IdSource ids)
{
    /// <summary>Of one person.</summary>
    public const int ViewsMax = 100;

    private const int NameMax = 40;
    private const int QueryMax = 1_000;

    public Task<List<SavedView>> OfAsync(long person) => database.ReadAsync(s => OfAsync(s, person));

    /// <summary>Saves it in place of one of the same page and name.</summary>
    /// <returns>What is wrong; null: it is saved.</returns>
    public async Task<FieldError?> SaveAsync(long person, ViewDraft draft)
    {
        var name = draft.Name.Trim();
        if (name.Length is 0 or > NameMax) return new FieldError("name", "bad_name", $"1 to {NameMax} characters.", $"1 到 {NameMax} 个字。");
        if (!draft.Path.StartsWith("/console/", StringComparison.Ordinal) || draft.Path.Length > 200)
            return new FieldError("path", "bad_path", "An address of the console.", "必须是控制台的地址。");
        if (draft.Query.Length > QueryMax) return new FieldError("query", "too_long", "Too many conditions.", "条件太多。");
        var id = await ids.NextAsync();
        return await database.WriteAsync(async s =>
        {
            if (await s.ScalarAsync<long>("select count(*) from saved_view where person_id = @person and not (path = @Path and name = @name)", new { person, draft.Path, name }) >= ViewsMax)
                return new FieldError("name", "too_many", $"At most {ViewsMax} views: delete one first.", $"最多保存 {ViewsMax} 个视图，请先删除一个。");
            await s.ExecuteAsync(
                """
                insert into saved_view (id, person_id, path, query, name) values (@id, @person, @Path, @Query, @name)
                on conflict (person_id, path, name) do update set query = @Query
                """, new { id, person, draft.Path, draft.Query, name });
            return null;
        });
    }

    /// <summary>Takes it away; one of another person stays.</summary>
    public Task RemoveAsync(long person, long id) =>
        database.WriteAsync(s => s.ExecuteAsync("delete from saved_view where id = @id and person_id = @person", new { id, person }));

    private static Task<List<SavedView>> OfAsync(Session session, long person) => session.QueryAsync<SavedView>(
        "select id, path, query, name from saved_view where person_id = @person order by path, name", new { person });
}
