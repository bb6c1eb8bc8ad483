using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers.Upstream;
using Lianka.Modules.Suppliers.Upstream.Core;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Modules.Suppliers;

/// <summary>The front door of suppliers' systems: the connections, and how each is spoken to.</summary>
/// <remarks>Thread-safe. Secrets go in and never come out; they are sealed in the database, each set for its own connection.</remarks>
public sealed class Upstreams(Database database, IdSource ids, CardVault vault, GuardedHttp http, IServiceProvider services, TimeProvider clock) : IUpstreams
{
    /// <summary>Under which address suppliers reach this installation; without it, the address that this node listens at.</summary>
    public const string AddressSetting = "upstream.base_url";

    private const string Columns = "select id, supplier_id, name, adapter, base_url, config, notice_key, state, created_at, updated_at from connection";

    private readonly ConcurrentDictionary<long, (DateTimeOffset UpdatedAt, string Address, IUpstream Upstream)> _open = [];

    /// <summary>Configurations to begin with.</summary>
    public static IReadOnlyList<UpstreamTemplate> Templates => UpstreamTemplates.All;

    /// <summary>The secrets that a configuration asks for; none when it cannot be read.</summary>
    public static IReadOnlyList<SecretName> SecretsOf(string adapter, string config) => adapter == UpstreamAdapters.Reloadly
        ? ReloadlyConfig.Secrets : ConfigReader.Read(config).Config?.Secrets ?? [];

    public async Task<CatalogDecision<Connection>> CreateAsync(ConnectionDraft draft, CancellationToken cancel = default)
    {
        var now = clock.Now();
        var (value, errors) = Check(draft, new Connection
        {
            Id = await ids.NextAsync(), NoticeKey = RandomNumberGenerator.GetHexString(32, lowercase: true), CreatedAt = now, UpdatedAt = now,
        }, known: new Dictionary<string, string>());
        if (errors.Count > 0) return new CatalogDecision<Connection>.Refused(errors);
        return await database.WriteAsync<CatalogDecision<Connection>>(async s =>
        {
            if (await s.ScalarAsync<long?>("select id from supplier where id = @SupplierId", new { value.SupplierId }) is null)
                return new CatalogDecision<Connection>.Refused([new("supplier_id", "unknown", "There is no such supplier.", "没有这个供应商。")]);
            await s.ExecuteAsync("""
                insert into connection (id, supplier_id, name, adapter, base_url, config, secrets, notice_key, state, created_at, updated_at)
                values (@Id, @SupplierId, @Name, @Adapter, @BaseUrl, @Config, @Secrets, @NoticeKey, @State, @CreatedAt, @UpdatedAt)
                """, Row(value, Seal(value, draft.Secrets, new Dictionary<string, string>())));
            return new CatalogDecision<Connection>.Saved(value);
        }, cancel);
    }

    /// <summary>Changes all but the supplier. Calls on their way end as they began.</summary>
    public Task<CatalogDecision<Connection>> UpdateAsync(long id, ConnectionDraft draft, CancellationToken cancel = default) =>
        database.WriteAsync<CatalogDecision<Connection>>(async s =>
        {
            if (await s.FirstAsync<Connection>($"{Columns} where id = @id{s.ForUpdate}", new { id }) is not { } before) return new CatalogDecision<Connection>.Missing();
            var known = await SecretsAsync(s, id);
            // Later than before even within one microsecond: what is open is recognised by it.
            var now = clock.Now();
            var (value, errors) = Check(draft with { SupplierId = before.SupplierId }, before with { UpdatedAt = now > before.UpdatedAt ? now : before.UpdatedAt.AddMicroseconds(1) }, known);
            if (errors.Count > 0) return new CatalogDecision<Connection>.Refused(errors);
            await s.ExecuteAsync("""
                update connection set name = @Name, adapter = @Adapter, base_url = @BaseUrl, config = @Config, secrets = @Secrets, state = @State, updated_at = @UpdatedAt
                where id = @Id
                """, Row(value, Seal(value, draft.Secrets, known)));
            return new CatalogDecision<Connection>.Saved(value);
        }, cancel);

    /// <summary>In the order they were made.</summary>
    /// <param name="supplier">Only this one's; null: all.</param>
    public Task<List<Connection>> ListAsync(SupplierId? supplier = null, CancellationToken cancel = default) => database.ReadAsync(
        s => s.QueryAsync<Connection>($"{Columns}{(supplier is null ? "" : " where supplier_id = @supplier")} order by id", new { supplier }), cancel);

    public Task<Connection?> FindAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Connection>($"{Columns} where id = @id", new { id }), cancel);

    /// <summary>The connection whose notices come to this address.</summary>
    public Task<long?> OfNoticeKeyAsync(string noticeKey, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.ScalarAsync<long?>("select id from connection where notice_key = @noticeKey", new { noticeKey }), cancel);

    /// <summary>Which secrets a connection has, by name; never their values.</summary>
    public async Task<IReadOnlySet<string>> KnownSecretsAsync(long id, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => SecretsAsync(s, id), cancel)).Keys.ToHashSet();

    /// <summary>The system behind a connection, with its configuration as it stands now. One that is off answers questions and buys nothing.</summary>
    /// <returns>Null when there is no such connection.</returns>
    public async Task<IUpstream?> OpenAsync(long id, CancellationToken cancel = default)
    {
        if (await FindAsync(id, cancel) is not { } connection) return null;
        var address = await AddressAsync(cancel);
        if (_open.TryGetValue(id, out var open) && open.UpdatedAt == connection.UpdatedAt && open.Address == address) return open.Upstream;
        var secrets = await database.ReadAsync(s => SecretsAsync(s, id), cancel);
        var target = new Target(connection.BaseUrl, secrets, address.Length > 0 ? address + connection.NoticePath : "", connection.State == ConnectionState.Off);
        var upstream = Make(connection, target);
        _open[id] = (connection.UpdatedAt, address, upstream);
        return upstream;
    }

    /// <summary>Tries a connection for the person who sets it up; buys nothing.</summary>
    /// <returns>Null when there is no such connection.</returns>
    public async Task<UpstreamExchange?> TryAsync(long id, UpstreamTrial trial, UpstreamOrder order, CancellationToken cancel = default) =>
        await OpenAsync(id, cancel) is IUpstreamTrial upstream ? await upstream.TryAsync(trial, order, cancel) : null;

    private IUpstream Make(Connection connection, Target target)
    {
        if (connection.Adapter == UpstreamAdapters.Reloadly) return new ReloadlyUpstream(ReloadlyConfig.Read(connection.Config).Config!, target, http, clock);
        var (config, problems) = ConfigReader.Read(connection.Config);
        return config is not null ? new HttpUpstream(config, target, http, clock)
            : throw new InvalidOperationException($"Connection {connection.PublicId} was written by another version: {problems[0].Where} {problems[0].En}.");
    }

    private async Task<string> AddressAsync(CancellationToken cancel)
    {
        var set = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = @AddressSetting", new { AddressSetting }), cancel);
        return (string.IsNullOrEmpty(set) ? BoundAddress.Of(services)?.ToString() ?? "" : set).TrimEnd('/');
    }

    private static (Connection Value, IReadOnlyList<FieldError> Errors) Check(ConnectionDraft draft, Connection made, IReadOnlyDictionary<string, string> known)
    {
        var check = new FieldCheck();
        var name = check.Name("name", draft.Name);
        check.Defined("state", draft.State);
        var baseUrl = draft.BaseUrl.Trim().TrimEnd('/');
        if (baseUrl.Length > 300 || !GuardedHttp.IsWebAddress(baseUrl) || new Uri(baseUrl) is { Query.Length: > 0 } or { Fragment.Length: > 0 })
            check.Add("base_url", "bad_url", "Give a whole address that begins with https:// (or http://), without ? and #.", "请填写以 https://（或 http://）开头的完整网址，不带 ? 和 #。");
        IReadOnlyList<ConfigProblem> problems = [];
        IReadOnlyList<SecretName> secrets = [];
        if (draft.Adapter == UpstreamAdapters.Reloadly) (problems, secrets) = (ReloadlyConfig.Read(draft.Config).Problems, ReloadlyConfig.Secrets);
        else if (draft.Adapter == UpstreamAdapters.Http) (problems, secrets) = (ConfigReader.Read(draft.Config).Problems, SecretsOf(draft.Adapter, draft.Config));
        else check.Add("adapter", "unknown_value", "Choose one of the values offered.", "请选择给出的选项之一。");
        if (problems.Count > 0)
            check.Add("config", "bad_config", string.Join(" · ", problems.Take(8).Select(p => $"{p.Where}: {p.En}")), string.Join(" · ", problems.Take(8).Select(p => $"{p.Where}：{p.Zh}")));
        foreach (var secret in secrets)
        {
            var given = draft.Secrets.GetValueOrDefault(secret.Name) is { Length: > 0 } fresh ? fresh : known.GetValueOrDefault(secret.Name, "");
            if (given.Length == 0 && !secret.IsOptional) check.Add($"secret_{secret.Name}", "required", $"{secret.En}: fill this in.", $"{secret.Zh}：请填写。");
            else if (given.Length > 500 || given.Any(char.IsControl)) check.Add($"secret_{secret.Name}", "bad_character", $"{secret.En}: one line of at most 500 characters.", $"{secret.Zh}：一行，最多 500 个字符。");
        }

        return (made with { SupplierId = draft.SupplierId, Name = name, Adapter = draft.Adapter, BaseUrl = baseUrl, Config = draft.Config, State = draft.State }, check.Errors);
    }

    private byte[] Seal(Connection value, IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> known)
    {
        var kept = SecretsOf(value.Adapter, value.Config).Select(s => s.Name).ToDictionary(
            n => n, n => given.GetValueOrDefault(n) is { Length: > 0 } fresh ? fresh : known.GetValueOrDefault(n, ""));
        return vault.Seal(JsonSerializer.Serialize(kept.Where(k => k.Value.Length > 0).ToDictionary()), Context(value.Id));
    }

    private async Task<Dictionary<string, string>> SecretsAsync(Session session, long id) =>
        await session.ScalarAsync<byte[]>("select secrets from connection where id = @id", new { id }) is { } box
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(vault.Open(box, Context(id)))! : [];

    internal static SealedColumn Sealed { get; } = new("connection", "id", "secrets", id => $"connection:{id}");

    private static string Context(long id) => Sealed.Context(id.ToString());

    private static object Row(Connection value, byte[] secrets) => new
    {
        value.Id, value.SupplierId, value.Name, value.Adapter, value.BaseUrl, value.Config, Secrets = secrets, value.NoticeKey,
        State = value.State == ConnectionState.Active ? "active" : "off", value.CreatedAt, value.UpdatedAt,
    };
}
