using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>What a merchant's part in a settlement was.</summary>
public sealed record ReleasedShare
{
    public MerchantId Party { get; init; }

    /// <summary>The direct child below whom it was sold; null: it sold itself.</summary>
    public MerchantId? Child { get; init; }
    public Money Amount { get; init; }
}

/// <summary>What settlements released to merchants, for whoever adds it up, each told once.</summary>
public static class ReleasedShares
{
    private const string Columns = "party_id as party, nullif(child_id, 0) as child, amount";

    /// <summary>Takes some that were not taken yet, in the caller's transaction: they are taken when it commits.</summary>
    public static Task<List<ReleasedShare>> TakeAsync(Session session, int most) => session.QueryAsync<ReleasedShare>(
        $"""
        delete from released_share where (party_id, child_id, settlement_id) in (
            select party_id, child_id, settlement_id from released_share order by party_id, child_id, settlement_id limit @most)
        returning {Columns}
        """, new { most });

    /// <summary>Those of a merchant that were not taken yet.</summary>
    public static Task<List<ReleasedShare>> LeftAsync(Session session, MerchantId merchant) =>
        session.QueryAsync<ReleasedShare>($"select {Columns} from released_share where party_id = @merchant", new { merchant });
}
