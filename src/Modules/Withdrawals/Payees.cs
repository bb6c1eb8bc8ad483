using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Payouts;
using Lianka.Modules.Withdrawals.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Withdrawals;

/// <summary>Where merchants' money goes. A payee bears the verified real name, or it is none.</summary>
/// <remarks>Held by: tests/Integration/Withdrawals/RealNameTests.cs.</remarks>
public sealed class Payees(Database database, IdSource ids, RealNames names, SecurityChanges changes, CardVault vault, TimeProvider clock)
{
    /// <summary>Sets the account that later withdrawals go to; those asked for already keep theirs. It starts a cool-down.</summary>
    public async Task<IReadOnlyList<FieldError>> SetAsync(MerchantId merchant, PayeeDraft draft, string actor)
    {
        var id = await ids.NextAsync();
        return await database.WriteAsync(async s =>
        {
            var (account, errors) = PayeeRules.Check(draft, await names.VerifiedAsync(s, merchant.Value));
            if (errors.Count > 0) return errors;
            await s.ExecuteAsync(
                "insert into payee (id, merchant_id, kind, sealed, tail, made_by, made_at) values (@id, @merchant, @Kind, @Sealed, @Tail, @actor, @Now)",
                new
                {
                    id, merchant, Kind = (int)draft.Kind, Sealed = vault.Seal(JsonSerializer.Serialize(account), Context(id)),
                    Tail = PayeeRules.Tail(account.Number), actor, Now = clock.Now(),
                });
            await changes.NoteAsync(s, merchant.Value, "payee", actor);
            return errors;
        });
    }

    /// <summary>The one in use.</summary>
    public Task<Payee?> OfAsync(MerchantId merchant) => database.ReadAsync(s => OfAsync(s, merchant));

    internal async Task<Payee?> OfAsync(Session session, MerchantId merchant) => Opened(await session.FirstAsync<Row>(
        "select id, merchant_id, kind, sealed, tail, made_at from payee where merchant_id = @merchant order by id desc limit 1", new { merchant }));

    public async Task<Payee?> FindAsync(long id) => Opened(await database.ReadAsync(s => s.FirstAsync<Row>(
        "select id, merchant_id, kind, sealed, tail, made_at from payee where id = @id", new { id })));

    internal async Task<BankDraft> AccountAsync(Session session, long id) =>
        AccountOf((await session.ScalarAsync<byte[]>("select sealed from payee where id = @id", new { id }))!, id);

    private Payee? Opened(Row? row)
    {
        if (row is null) return null;
        var account = AccountOf(row.Sealed, row.Id);
        return new Payee { Id = row.Id, MerchantId = row.MerchantId, Kind = row.Kind, Holder = account.Holder, Bank = account.Bank, Tail = row.Tail, MadeAt = row.MadeAt };
    }

    private BankDraft AccountOf(byte[] sealedBytes, long id) => JsonSerializer.Deserialize<BankDraft>(vault.Open(sealedBytes, Context(id)))!;

    internal static SealedColumn Sealed { get; } = new("payee", "id", "sealed", id => $"payee:{id}");

    private static string Context(long id) => Sealed.Context(id.ToString());

    private sealed record Row
    {
        public long Id { get; init; }
        public MerchantId MerchantId { get; init; }
        public PayeeKind Kind { get; init; }
        public byte[] Sealed { get; init; } = [];
        public string Tail { get; init; } = "";
        public DateTimeOffset MadeAt { get; init; }
    }
}
