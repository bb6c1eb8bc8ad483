using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Wallet;

/// <summary>Merchants' wallets on this platform: whoever has one pays a storefront's order out of it.</summary>
internal sealed class WalletProtocol(Database database, Ledger.Ledger ledger, TimeProvider clock) : IChannelProtocol
{
    public string Name => PayWays.Wallet;
    public string Zh => "余额";
    public string En => "Wallet balance";
    public string BaseUrl => "";
    public bool IsInHouse => true;
    public IReadOnlyList<ChannelField> Fields => [];
    public IReadOnlyList<PayMethod> Methods { get; } = [new("balance", PayShape.Redirect, PayDevices.Desktop | PayDevices.Phone | PayDevices.InApp)];

    /// <summary>A wallet that is topped up out of itself gains nothing.</summary>
    public bool Pays(string purpose) => purpose != PaymentPurposes.TopUp;

    public IReadOnlyList<FieldError> Check(ChannelTerms terms) => [];

    public IChannel Open(ChannelTerms terms) => new WalletChannel(database, ledger, terms, clock);
}
