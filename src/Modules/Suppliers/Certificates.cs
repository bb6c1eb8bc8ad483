using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Suppliers;

/// <summary>Licences and authorisations: sent in, looked at by a person, valid for a while; and what may be sold by them.</summary>
/// <remarks>
/// An approved certificate of a brand is the permit to sell it, as long as it is valid. A business licence that has run out with no
/// newer one stops the supplier; one who never sent a licence was taken in by the operator without. Files are sealed.
/// Held by: tests/Integration/Onboarding/CertificateTests.cs.
/// </remarks>
public sealed class Certificates(Database database, CardVault vault, IdSource ids, TimeProvider clock)
{
    public const int BytesMax = FileKinds.BytesMax;

    /// <summary>So many may wait for one owner, that nobody fills the database.</summary>
    public const int WaitingMax = 12;

    private const string Columns =
        """
        select id, application_id, supplier_id, brand_id, valid_from, valid_to, file_name, media_type, size, state, reason, decided_by,
               created_at, decided_at
        from certificate
        """;

    /// <summary>Newest first.</summary>
    public Task<List<Certificate>> ListAsync(CertificateOwner owner, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Certificate>($"{Columns} where {Own} order by id desc", owner), cancel);

    /// <summary>Those of suppliers that wait for a person, oldest first. An applicant's wait with its application.</summary>
    public Task<List<Certificate>> WaitingAsync(CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<Certificate>(
        $"{Columns} where state = 'waiting' and supplier_id is not null order by created_at, id limit 200"), cancel);

    public Task<Certificate?> FindAsync(long id, CertificateOwner? owner = null, CancellationToken cancel = default) => database.ReadAsync(s =>
        s.FirstAsync<Certificate>($"{Columns} where id = @id {(owner is null ? "" : $"and {Own}")}", new { id, owner?.Application, owner?.Supplier }), cancel);

    /// <param name="owner">Null: for the operator, who may open any.</param>
    public async Task<CertificateFile?> OpenAsync(long id, CertificateOwner? owner, CancellationToken cancel = default)
    {
        if (await FindAsync(id, owner, cancel) is not { } certificate) return null;
        var content = await database.ReadAsync(
            s => s.ScalarAsync<byte[]>("select content from certificate_file where certificate_id = @id", new { id }), cancel);
        return new CertificateFile(certificate.FileName, certificate.MediaType, vault.OpenBytes(content, Context(id)));
    }

    /// <summary>Takes a document, which then waits for a person.</summary>
    public async Task<CatalogDecision<Certificate>> AddAsync(CertificateOwner owner, CertificateDraft draft, CancellationToken cancel = default)
    {
        var id = await ids.NextAsync();
        return await database.WriteAsync(s => AddAsync(s, id, owner, draft), cancel);
    }

    internal async Task<CatalogDecision<Certificate>> AddAsync(Session s, long id, CertificateOwner owner, CertificateDraft draft)
    {
        var now = clock.Now();
        var errors = Check(draft, now);
        if (draft.BrandId is { } brand && await s.ScalarAsync<long?>("select id from brand where id = @brand", new { brand }) is null)
            errors.Add(new FieldError("brand", "not_found", "There is no such brand.", "没有这个品牌。"));
        if (await s.ScalarAsync<long>($"select count(*) from certificate where {Own} and state = 'waiting'", owner) >= WaitingMax)
            errors.Add(new FieldError("file", "too_many", $"{WaitingMax} documents are waiting already.", $"已有 {WaitingMax} 份文件在等审核。"));
        if (errors.Count > 0) return new CatalogDecision<Certificate>.Refused(errors);
        var certificate = new Certificate
        {
            Id = id, ApplicationId = owner.Application, SupplierId = owner.Supplier, BrandId = draft.BrandId,
            ValidFrom = draft.ValidFrom ?? now, ValidTo = draft.ValidTo, FileName = NameOf(draft.FileName),
            MediaType = FileKinds.MediaTypeOf(draft.Content)!, Size = draft.Content.Length, CreatedAt = now,
        };
        await s.ExecuteAsync(
            """
            insert into certificate (id, application_id, supplier_id, brand_id, valid_from, valid_to, file_name, media_type, size, state, created_at)
            values (@Id, @ApplicationId, @SupplierId, @BrandId, @ValidFrom, @ValidTo, @FileName, @MediaType, @Size, 'waiting', @CreatedAt)
            """, certificate);
        await s.ExecuteAsync(
            "insert into certificate_file (certificate_id, content) values (@id, @Content)",
            new { id, Content = vault.Seal(draft.Content, Context(id)) });
        return new CatalogDecision<Certificate>.Saved(certificate);
    }

    /// <summary>A person's verdict on a document that waits. What it permits is offered with the same commit.</summary>
    /// <param name="reason">Why; the supplier reads it.</param>
    /// <returns>False when it does not wait any more.</returns>
    public Task<bool> DecideAsync(long id, bool isApproved, string reason, string actor, CancellationToken cancel = default) =>
        database.WriteAsync(async s =>
        {
            var changed = await s.ExecuteAsync(
                """
                update certificate set state = @State, reason = @reason, decided_by = @actor, decided_at = @Now
                where id = @id and state = 'waiting'
                """, new { id, State = isApproved ? "approved" : "refused", reason, actor, Now = clock.Now() });
            if (changed == 1) await LookAsync(s);
            return changed == 1;
        }, cancel);

    /// <summary>With the approval of an application, its documents become the supplier's, and those that wait are approved.</summary>
    internal async Task ApproveAllAsync(Session s, long application, SupplierId supplier, string reason, string actor)
    {
        await s.ExecuteAsync("update certificate set supplier_id = @supplier where application_id = @application", new { application, supplier });
        await s.ExecuteAsync(
            """
            update certificate set state = 'approved', reason = @reason, decided_by = @actor, decided_at = @Now
            where application_id = @application and state = 'waiting'
            """, new { application, reason, actor, Now = clock.Now() });
        await LookAsync(s);
    }

    /// <summary>True when <see cref="LookAsync"/> would change something.</summary>
    internal async Task<bool> IsStaleAsync(Session s)
    {
        var now = clock.Now();
        var stops = (await Selling.StopsAsync(s)).Where(t => t.Reason == StopReasons.Licence).Select(t => t.SupplierId).ToHashSet();
        var permits = await Selling.PermitsAsync(s);
        var found = await FindingsAsync(s, now);
        return !stops.SetEquals(found.WithoutLicence) || !found.Permits.SetEquals(permits) || found.Untold.Count > 0;
    }

    /// <summary>Puts permits and stops as the certificates say at this moment, and tells whose certificate is near its end, once.</summary>
    internal async Task LookAsync(Session s)
    {
        var now = clock.Now();
        var (stops, permits) = (await Selling.StopsAsync(s), await Selling.PermitsAsync(s));
        var found = await FindingsAsync(s, now);
        await Selling.PermitAsync(s, permits, found.Permits);
        await Selling.StopAsync(s, StopReasons.Licence, stops, found.WithoutLicence, now);
        foreach (var (supplier, kind, certificate) in found.Untold)
            await Notices.AddAsync(s, await ids.NextAsync(s), supplier, kind, certificate, now);
    }

    private static async Task<Findings> FindingsAsync(Session s, DateTimeOffset now)
    {
        var told = (await s.QueryAsync<Notice>("select supplier_id, kind, subject from supplier_notice where kind <> @DepositShort",
            new { NoticeKinds.DepositShort })).Select(n => (n.SupplierId, n.Kind, n.Subject)).ToHashSet();
        var approved = await s.QueryAsync<Certificate>($"{Columns} where state = 'approved' and supplier_id is not null");
        var found = new Findings([], [], []);
        foreach (var same in approved.GroupBy(c => (Supplier: c.SupplierId!.Value, c.BrandId)))
        {
            var isValid = same.Any(c => CertificateRule.IsValid(c.ValidFrom, c.ValidTo, now));
            if (same.Key.BrandId is { } brand)
            {
                if (isValid) found.Permits.Add(new BrandPermit { SupplierId = same.Key.Supplier, BrandId = brand });
            }
            else if (!isValid)
            {
                found.WithoutLicence.Add(same.Key.Supplier);
            }

            // Only the one that lasts longest: of an older one nobody needs to hear.
            var last = same.MaxBy(c => c.ValidTo ?? DateTimeOffset.MaxValue)!;
            if (CertificateRule.Step(last.ValidTo, now) is not { } days) continue;
            var notice = (same.Key.Supplier, NoticeKinds.Certificate(days), last.Id);
            if (!told.Contains(notice)) found.Untold.Add(notice);
        }

        return found;
    }

    private static List<FieldError> Check(CertificateDraft draft, DateTimeOffset now)
    {
        var check = new FieldCheck();
        if (draft.Content.Length == 0) check.Add("file", "required", "Choose a file.", "请选择文件。");
        else if (draft.Content.Length > BytesMax) check.Add("file", "too_large", "At most 5 MiB.", "文件不能超过 5 MiB。");
        else if (FileKinds.MediaTypeOf(draft.Content) is null)
            check.Add("file", "bad_file", "Send a PDF, JPEG or PNG file; its content is none of them.", "请上传 PDF、JPEG 或 PNG，这个文件的内容不是。");
        if (draft.ValidTo is null && draft.BrandId is not null)
            check.Add("valid_to", "required", "Say until when it is valid.", "请填写有效期至。");
        else if (CertificateRule.HasEnded(draft.ValidTo, now))
            check.Add("valid_to", "ended", "It is not valid any more.", "已经过期了。");
        else if (draft.ValidTo <= draft.ValidFrom)
            check.Add("valid_from", "after_end", "It begins after its end.", "开始日期晚于结束日期。");
        return [.. check.Errors];
    }

    /// <summary>The last part of the name, without what no file name should hold.</summary>
    private static string NameOf(string name)
    {
        var last = string.Concat(name.Split('/', '\\')[^1].Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('"' or '<' or '>' or ':' or '|' or '?' or '*')));
        return last.Length == 0 ? "file" : last.Length > 100 ? last[^100..] : last;
    }

    internal static SealedColumn Sealed { get; } = new("certificate_file", "certificate_id", "content", id => $"certificate:{id}");

    private static string Context(long id) => Sealed.Context(id.ToString());

    // A certificate of an application is the supplier's too once there is one.
    private const string Own = "(application_id = @Application or supplier_id = @Supplier)";

    private sealed record Findings(
        HashSet<BrandPermit> Permits, HashSet<SupplierId> WithoutLicence, List<(SupplierId Supplier, string Kind, long Certificate)> Untold);
}
