using Lianka.Kernel;

namespace Lianka.Modules.Suppliers;

/// <summary>Returned: with a reason, and may be sent again.</summary>
public enum ApplicationState { Waiting, Returned, Approved }

public enum ReviewState { Waiting, Approved, Refused }

/// <summary>What a company says about itself, as typed.</summary>
public sealed record ApplicationDraft
{
    public string Company { get; init; } = "";
    public string CreditCode { get; init; } = "";
    public string LegalPerson { get; init; } = "";
    public string ContactName { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";
    public string BankName { get; init; } = "";
    public string BankAccount { get; init; } = "";

    /// <summary>What it wants to supply, in its own words.</summary>
    public string Goods { get; init; } = "";
}

/// <summary>A company that wants to supply. Its bank account is opened by <see cref="Applications.BankAccountAsync"/> only.</summary>
public sealed record Application
{
    public long Id { get; init; }
    public string Company { get; init; } = "";
    public string CreditCode { get; init; } = "";
    public string LegalPerson { get; init; } = "";
    public string ContactName { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";
    public string BankName { get; init; } = "";
    public string Goods { get; init; } = "";
    public ApplicationState State { get; init; }

    /// <summary>Why it was returned or approved.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Once it is approved.</summary>
    public SupplierId? SupplierId { get; init; }

    /// <summary>The applicant has made its log-in.</summary>
    public bool HasLogin { get; init; }
    public string DecidedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
}

/// <param name="Token">Opens the applicant's private address. Kept as a hash only: shown now or never.</param>
public sealed record Submitted(long Id, string Token);

/// <summary>A document that proves something for a while.</summary>
public sealed record CertificateDraft
{
    /// <summary>Null: the business licence.</summary>
    public long? BrandId { get; init; }

    /// <summary>Null: from now on.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The first moment at which it is not valid any more; null: for ever, which only a licence may be.</summary>
    public DateTimeOffset? ValidTo { get; init; }
    public string FileName { get; init; } = "";
    public byte[] Content { get; init; } = [];
}

/// <summary>A business licence or a brand's authorisation.</summary>
public sealed record Certificate
{
    public long Id { get; init; }
    public long? ApplicationId { get; init; }
    public SupplierId? SupplierId { get; init; }
    public long? BrandId { get; init; }
    public DateTimeOffset ValidFrom { get; init; }
    public DateTimeOffset? ValidTo { get; init; }
    public string FileName { get; init; } = "";
    public string MediaType { get; init; } = "";
    public long Size { get; init; }
    public ReviewState State { get; init; }
    public string Reason { get; init; } = "";
    public string DecidedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
}

/// <summary>Whose certificates: an applicant's or a supplier's. The tenant of every query.</summary>
public readonly record struct CertificateOwner(long? Application, SupplierId? Supplier)
{
    public static CertificateOwner Of(SupplierId supplier) => new(null, supplier);
    public static CertificateOwner Of(long application) => new(application, null);
}

/// <summary>A file as it was sent in.</summary>
public sealed record CertificateFile(string Name, string MediaType, byte[] Content);
