using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Ledger;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Withdrawals;

/// <summary>A trade whose merchant 3 is verified as 张三, has a bank account, and has waited out its cool-down.</summary>
internal sealed class Withdrawing : IAsyncDisposable
{
    public const long Asker = 900, Anna = 901, Bo = 902;
    public static readonly RealNameDraft Zhang = new(RealNameKind.Person, "张三", "11010519491231002X");
    public static readonly RealNameDraft Company = new(RealNameKind.Company, "深圳点卡科技有限公司", "9144030071526726XG");
    public static readonly PayeeDraft Bank = new(PayeeKind.Bank, "张三", "招商银行深圳分行", "6225 8801 2345 6789");

    private Withdrawing(Trade trade) => Trade = trade;

    public Trade Trade { get; }
    public WithdrawalDesk Desk => Trade.World.Get<WithdrawalDesk>();

    public static async Task<Withdrawing> OpenAsync(DatabaseKind kind, int cards = 0, string wallet = "1000.0000", PayeeDraft? payee = null, params (string Name, string Value)[] rules)
    {
        var world = new Withdrawing(await Trade.OpenAsync(kind, cards, wallet));
        await world.VerifyAsync(Zhang);
        (await world.Trade.World.Get<Payees>().SetAsync(Trade.Leaf, payee ?? Bank, "merchant:leaf")).ShouldBeEmpty();
        (await world.Trade.World.Get<WithdrawalRules>().SetAsync(rules.ToDictionary(r => r.Name, r => r.Value))).ShouldBeEmpty();
        world.Trade.Clock.Turn(TimeSpan.FromHours(25));
        return world;
    }

    public async Task<RealName> VerifyAsync(RealNameDraft draft, MerchantId? merchant = null)
    {
        var names = Trade.World.Get<RealNames>();
        var entered = (await names.SubmitAsync((merchant ?? Trade.Leaf).Value, draft, "merchant:leaf")).ShouldBeOfType<RealNameDecision.Done>().Name;
        return (await names.DecideAsync(entered.Id, isVerified: true, "", "operator:anna")).ShouldBeOfType<RealNameDecision.Done>().Name;
    }

    public Task<WithdrawalDecision> AskAsync(string amount, string key = "k1", WithdrawalSource source = WithdrawalSource.Wallet) =>
        Desk.RequestAsync(Trade.Leaf, Asker, "merchant:leaf", source, Money.Parse(amount), key);

    public static Withdrawal Done(WithdrawalDecision decision) => decision.ShouldBeOfType<WithdrawalDecision.Done>().Withdrawal;

    public static string Error(WithdrawalDecision decision) => decision.ShouldBeOfType<WithdrawalDecision.Refused>().Errors[0].Code;

    /// <summary>Wallet, on its way, bank, fees.</summary>
    public async Task<(string Wallet, string Transit, string Bank, string Fees)> MoneyAsync() => (
        await Trade.BalanceAsync(AccountKinds.Wallet, 3), await Trade.BalanceAsync(AccountKinds.Withdrawal, 0),
        await Trade.BalanceAsync(AccountKinds.Clearing("bank"), 0), await Trade.BalanceAsync(AccountKinds.Fees, 0));

    public ValueTask DisposeAsync() => Trade.DisposeAsync();
}
