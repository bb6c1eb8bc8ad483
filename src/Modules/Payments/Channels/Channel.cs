using Lianka.Kernel;

namespace Lianka.Modules.Payments;

public enum ChannelState { Active, Off }

/// <summary>A configured way to take money. Its secrets are not in it.</summary>
public sealed record Channel
{
    public long Id { get; init; }

    /// <summary>Stands in the name of its clearing account; never changes.</summary>
    public string Code { get; init; } = "";
    public string Protocol { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";

    /// <summary>Empty: the protocol's own.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>JSON: the values of the protocol's fields that are no secrets.</summary>
    public string Config { get; init; } = "{}";
    public string NoticeKey { get; init; } = "";

    /// <summary>Names of the protocol's methods, separated by commas; empty: all.</summary>
    public string Methods { get; init; } = "";
    public ChannelState State { get; init; }

    /// <summary>Among equally good ones the lowest goes first.</summary>
    public long Priority { get; init; } = 100;

    /// <summary>Among equally good ones of one priority each gets this share.</summary>
    public long Weight { get; init; } = 100;

    /// <summary>What it keeps of a payment, as agreed, in basis points.</summary>
    public long FeeBps { get; init; }
    public Money? AmountMin { get; init; }
    public Money? AmountMax { get; init; }

    /// <summary>What it may take in a day of China.</summary>
    public Money? DailyLimit { get; init; }

    /// <summary>Minutes of a day in China between which it is used; from above to: over midnight. Null: always.</summary>
    public long? OpenFrom { get; init; }
    public long? OpenTo { get; init; }

    /// <summary>Numbers of the merchants whose sales it takes, separated by commas; empty: everybody's.</summary>
    public string Merchants { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    public string NoticePath => $"/notify/{NoticeKey}";
    public string Account => Ledger.AccountKinds.Clearing(Code);
    public bool Serves(MerchantId seller) => Merchants.Length == 0 || Merchants.Split(',').Contains(seller.ToString());
    public bool Has(PayMethod method) => Methods.Length == 0 || Methods.Split(',').Contains(method.Name);
}
