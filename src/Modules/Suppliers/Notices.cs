using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>What a supplier is told of.</summary>
public static class NoticeKinds
{
    public const string DepositShort = "deposit_short";
    public const string Suspended = "suspended";
    public const string AppealGranted = "appeal_granted";
    public const string AppealRefused = "appeal_refused";
    public const string CertificateExpired = "certificate_0";

    /// <summary>The grade fell to this one, which has a worse effect.</summary>
    public static string Graded(string grade) => $"graded_{grade}";

    /// <summary>A certificate that runs out in so many days: 30, 7 or 1; 0: it has.</summary>
    public static string Certificate(int days) => $"certificate_{days}";
}

/// <summary>Something that a supplier was told, once.</summary>
public sealed record Notice
{
    public long Id { get; init; }
    public SupplierId SupplierId { get; init; }
    public string Kind { get; init; } = "";

    /// <summary>The certificate it is about; for a deposit, the moment at which it fell short; for a suspension, its moment;
    /// for a grade, its day; for an appeal, the appeal.</summary>
    public long Subject { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>What suppliers were told. They and the operator read it in the consoles.</summary>
public static class Notices
{
    /// <summary>The newest of one supplier.</summary>
    public static Task<List<Notice>> OfAsync(Session session, SupplierId supplier, int limit = 20) => session.QueryAsync<Notice>(
        "select id, supplier_id, kind, subject, at from supplier_notice where supplier_id = @supplier order by id desc limit @limit",
        new { supplier, limit });

    /// <summary>Tells it, unless it was told before: nodes that notice the same tell it once.</summary>
    internal static Task AddAsync(Session session, long id, SupplierId supplier, string kind, long subject, DateTimeOffset now) => session.ExecuteAsync(
        """
        insert into supplier_notice (id, supplier_id, kind, subject, at) values (@id, @supplier, @kind, @subject, @now)
        on conflict do nothing
        """, new { id, supplier, kind, subject, now });
}
