using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Suppliers;

/// <summary>Companies that apply to supply, and what becomes of it.</summary>
/// <remarks>
/// An applicant has no log-in: a private address, whose token is kept as a hash, lets it read the answer, add documents and send again.
/// Held by: tests/Integration/Onboarding/ApplicationTests.cs.
/// </remarks>
public sealed class Applications(
    Database database, CardVault vault, IdSource ids, Suppliers suppliers, Certificates certificates, PayoutDesk payouts, TimeProvider clock)
{
    /// <summary>So many wait at most, whoever sends them: strangers fill no database.</summary>
    public const int WaitingMax = 500;

    private const string Columns =
        """
        select id, company, credit_code, legal_person, contact_name, phone, email, bank_name, goods, state, reason, supplier_id, has_login,
               decided_by, created_at, changed_at, decided_at
        from supplier_application
        """;

    /// <summary>Takes an application with its business licence.</summary>
    public async Task<CatalogDecision<Submitted>> SubmitAsync(
        ApplicationDraft draft, CertificateDraft licence, CancellationToken cancel = default)
    {
        var (value, errors) = ApplicationRules.Check(draft);
        if (errors.Count > 0) return new CatalogDecision<Submitted>.Refused(errors);
        var (id, document) = (await ids.NextAsync(), await ids.NextAsync());
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        try
        {
            return await database.WriteAsync<CatalogDecision<Submitted>>(async s =>
            {
                if (await s.ScalarAsync<long>("select count(*) from supplier_application where state = 'waiting'") >= WaitingMax)
                    return new CatalogDecision<Submitted>.Refused([new FieldError("company", "too_many",
                        "Too many applications are waiting; come back tomorrow.", "排队的申请太多了，请明天再来。")]);
                await s.ExecuteAsync(
                    """
                    insert into supplier_application (id, token_hash, company, credit_code, legal_person, contact_name, phone, email, bank_name,
                                                      bank_account, goods, state, created_at, changed_at)
                    values (@id, @Hash, @Company, @CreditCode, @LegalPerson, @ContactName, @Phone, @Email, @BankName, @Account, @Goods,
                            'waiting', @Now, @Now)
                    """, Args(id, value, HashOf(token)));
                var added = await certificates.AddAsync(s, document, CertificateOwner.Of(id), licence with { BrandId = null });
                // Thrown, so that the application goes with it.
                return added is CatalogDecision<Certificate>.Refused refused ? throw new RefusedException(refused.Errors)
                    : new CatalogDecision<Submitted>.Saved(new Submitted(id, token));
            }, cancel);
        }
        catch (RefusedException refusal)
        {
            return new CatalogDecision<Submitted>.Refused(refusal.Errors);
        }
    }

    /// <summary>Sends an application that was returned again, as it stands now.</summary>
    public async Task<CatalogDecision<Application>> ResendAsync(string token, ApplicationDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = ApplicationRules.Check(draft);
        if (errors.Count > 0) return new CatalogDecision<Application>.Refused(errors);
        if (await FindAsync(token, cancel) is not { } before) return new CatalogDecision<Application>.Missing();
        var changed = await database.WriteAsync(s => s.ExecuteAsync(
            """
            update supplier_application set company = @Company, credit_code = @CreditCode, legal_person = @LegalPerson,
                   contact_name = @ContactName, phone = @Phone, email = @Email, bank_name = @BankName, bank_account = @Account, goods = @Goods,
                   state = 'waiting', changed_at = @Now
            where token_hash = @Hash and state = 'returned' and id = @id
            """, Args(before.Id, value, HashOf(token))), cancel);
        return changed == 1 ? new CatalogDecision<Application>.Saved((await FindAsync(token, cancel))!) : new CatalogDecision<Application>.Missing();
    }

    /// <summary>The application of a private address.</summary>
    public Task<Application?> FindAsync(string? token, CancellationToken cancel = default) => token is null ? Task.FromResult<Application?>(null)
        : database.ReadAsync(s => s.FirstAsync<Application>($"{Columns} where token_hash = @Hash", new { Hash = HashOf(token) }), cancel);

    public Task<Application?> FindAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Application>($"{Columns} where id = @id", new { id }), cancel);

    /// <summary>The application by which a supplier came in; null when the operator made it without.</summary>
    public Task<Application?> OfSupplierAsync(SupplierId supplier, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Application>($"{Columns} where supplier_id = @supplier", new { supplier }), cancel);

    /// <summary>Those that wait first, oldest first; then the others, newest first.</summary>
    public Task<List<Application>> ListAsync(CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<Application>(
        $"""
        {Columns} order by case when state = 'waiting' then 0 else 1 end,
                 case when state = 'waiting' then changed_at else -changed_at end, id limit 200
        """), cancel);

    /// <summary>Opens the bank account of an application, for the person who decides.</summary>
    public async Task<string> BankAccountAsync(long id, CancellationToken cancel = default) => vault.Open(
        await database.ReadAsync(s => s.ScalarAsync<byte[]>("select bank_account from supplier_application where id = @id", new { id }), cancel),
        Context(id));

    /// <summary>Sends it back with the reason: what is missing, or why not.</summary>
    /// <returns>False when it does not wait any more.</returns>
    public async Task<bool> ReturnAsync(long id, string reason, string actor, CancellationToken cancel = default) =>
        await database.WriteAsync(s => s.ExecuteAsync(
            """
            update supplier_application set state = 'returned', reason = @reason, decided_by = @actor, decided_at = @Now
            where id = @id and state = 'waiting'
            """, new { id, reason, actor, Now = clock.Now() }), cancel) == 1;

    /// <summary>Makes the supplier with its accounts, takes its documents and its bank account over and approves the documents that wait, in one transaction.</summary>
    public async Task<CatalogDecision<Supplier>> ApproveAsync(
        long id, SupplierDraft draft, string reason, string actor, CancellationToken cancel = default)
    {
        var (supplier, bank) = (await ids.NextAsync<OfSupplier>(), await ids.NextAsync());
        try
        {
            return await database.WriteAsync(s => ApproveAsync(s, id, supplier, bank, draft, reason, actor), cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            return new CatalogDecision<Supplier>.Refused([new FieldError("slug", "taken",
                "The short name is in use, or this company is a supplier already.", "简称已被使用，或者这家公司已经是供应商。")]);
        }
    }

    private async Task<CatalogDecision<Supplier>> ApproveAsync(
        Session s, long id, SupplierId supplier, long bank, SupplierDraft draft, string reason, string actor)
    {
        // The row is the lock: of two who decide at once, the second finds that it does not wait.
        var application = await s.FirstAsync<AccountRow>(
            $"select company, bank_name, bank_account from supplier_application where id = @id and state = 'waiting'{s.ForUpdate}", new { id });
        if (application is null) return new CatalogDecision<Supplier>.Missing();
        var licences = await s.ScalarAsync<long>(
            """
            select count(*) from certificate where application_id = @id and brand_id is null and state <> 'refused'
              and (valid_to is null or valid_to > @Now)
            """, new { id, Now = clock.Now() });
        if (licences == 0)
            return new CatalogDecision<Supplier>.Refused([new FieldError("licence", "required",
                "There is no valid business licence: return it and ask for one.", "没有有效的营业执照，请退回并要求补交。")]);
        var decision = await suppliers.OnboardAsync(s, supplier, draft);
        if (decision is not CatalogDecision<Supplier>.Saved) return decision;
        await s.ExecuteAsync(
            """
            update supplier_application set state = 'approved', reason = @reason, supplier_id = @supplier, decided_by = @actor, decided_at = @Now
            where id = @id
            """, new { id, reason, supplier, actor, Now = clock.Now() });
        await certificates.ApproveAllAsync(s, id, supplier, reason, actor);
        // Its account is the first that payouts go to; the supplier may change it.
        await payouts.AddBankAsync(s, bank, supplier, new BankDraft
        {
            Holder = application.Company, Bank = application.BankName, Number = vault.Open(application.BankAccount, Context(id)),
        }, actor);
        return decision;
    }

    /// <summary>Lets the applicant make its log-in, once, in the caller's transaction, which adds the person.</summary>
    /// <returns>The supplier it is for; null: not approved, or made before.</returns>
    public Task<SupplierId?> ClaimLoginAsync(Session session, string token) => session.FirstAsync<SupplierId?>(
        """
        update supplier_application set has_login = 1 where token_hash = @Hash and state = 'approved' and has_login = 0
        returning supplier_id
        """, new { Hash = HashOf(token) });

    private object Args(long id, ApplicationDraft value, string hash) => new
    {
        id, Hash = hash, value.Company, value.CreditCode, value.LegalPerson, value.ContactName, value.Phone, value.Email, value.BankName,
        Account = vault.Seal(value.BankAccount, Context(id)), value.Goods, Now = clock.Now(),
    };

    internal static SealedColumn Sealed { get; } = new("supplier_application", "id", "bank_account", id => $"application:{id}");

    private static string Context(long id) => Sealed.Context(id.ToString());

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record AccountRow
    {
        public string Company { get; init; } = "";
        public string BankName { get; init; } = "";
        public byte[] BankAccount { get; init; } = [];
    }

    /// <summary>A document of the application was refused: nothing of it is kept.</summary>
    private sealed class RefusedException(IReadOnlyList<FieldError> errors) : Exception("refused")
    {
        public IReadOnlyList<FieldError> Errors => errors;
    }
}
