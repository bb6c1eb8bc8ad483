using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Payments;

/// <summary>Transfers that persons confirm: money like any channel's, once.</summary>
public sealed class BankTests
{
    /// <summary>64 by 64 pixels, as far as its structure tells.</summary>
    internal static readonly byte[] Slip = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIPuX1hD77SAA6VEEAoFAIBAIBAKBQCAQfA8Gpwvw4qrwDDIAAAAASUVORK5CYII=");

    private sealed record Counter(AttemptTests.Till Till, Channel Channel) : IAsyncDisposable
    {
        public Trade Trade => Till.Trade;
        public BankDesk Bank => Trade.World.Get<BankDesk>();
        public TopUpDesk TopUps => Trade.World.Get<TopUpDesk>();

        public async Task<TopUp> AskAsync(string amount, string key) =>
            (await TopUps.OpenAsync(Trade.Leaf, amount, key, "merchant:leaf")).ShouldBeOfType<TopUpDecision.Done>().Value;

        public async Task<BankTransfer> StartAsync(TopUp top, string way = PayWays.Bank)
        {
            (await Till.Desk.StartAsync(top.Payment, new PayAsk(Trade.Leaf, way, PayDevices.Desktop, "top-up", "http://shop.example/back")))!.Attempt.ShouldNotBeNull();
            return (await Bank.OfAsync(top.Payment))!;
        }

        public async Task<string> ConfirmAsync(BankTransfer transfer, string number, string? amount = null, string actor = "operator:a") =>
            await Bank.ConfirmAsync(transfer.AttemptId, number, amount ?? transfer.Amount.Text(2), actor) switch
            {
                BankDecision.Done done => done.IsFirst ? "first" : "paid",
                BankDecision.Refused no => no.Error.Code,
                _ => "missing",
            };

        public async Task<string> SendAsync(TopUp top, byte[] content) =>
            await Bank.SendSlipAsync(top.Payment, new MemoryStream(content), "merchant:leaf") switch { BankDecision.Done => "sent", BankDecision.Refused no => no.Error.Code, _ => "missing" };

        public async Task<string> GainAsync() => (Money.Parse(await Trade.BalanceAsync("wallet", Trade.Leaf.Value)) - Money.Parse("100000")).ToString();

        public ValueTask DisposeAsync() => Till.DisposeAsync();
    }

    private static async Task<Counter> OpenAsync(DatabaseKind kind, string minutes = "")
    {
        var till = await AttemptTests.OpenAsync(kind);
        var made = (await till.Trade.World.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = "icbc", Protocol = "bank", NameZh = "工行", NameEn = "ICBC", FeeBps = "0",
            Values = new Dictionary<string, string> { ["holder"] = "联卡科技", ["bank"] = "工商银行深圳分行", ["account"] = "6222 0200 0000 0001", ["minutes"] = minutes },
        })).ShouldBeOfType<ChannelDecision.Saved>();
        return new Counter(till, made.Value);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_transfer_is_offered_where_there_is_time_for_it(DatabaseKind kind)
    {
        await using var counter = await OpenAsync(kind, minutes: "20");
        var now = counter.Trade.Clock.Now();
        Task<IReadOnlyList<string>> WaysAsync(int minutes) => counter.Till.Desk.WaysAsync(PaymentPurposes.Order, Trade.Leaf, Money.Parse("49.50"), PayDevices.Phone, now.AddMinutes(minutes));
        (await WaysAsync(19)).ShouldNotContain(PayWays.Bank);
        (await WaysAsync(21)).ShouldContain(PayWays.Bank);
        var order = await counter.Till.ReserveAsync("k");
        (await counter.Till.Desk.StartAsync(order.Id, new PayAsk(Trade.Leaf, PayWays.Bank, PayDevices.Phone, "goods", "http://shop.example/back")))!.Problem.ShouldBe(PayProblem.NoChannel);
        // Without a wish a payer is sent to a channel that takes the money by itself.
        (await counter.Till.StartAsync(order)).Shape.ShouldBe(PayShape.Redirect);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_slip_is_checked_refused_sent_again_and_the_receipt_confirmed(DatabaseKind kind)
    {
        await using var counter = await OpenAsync(kind);
        var top = await counter.AskAsync("500", "k");
        var transfer = await counter.StartAsync(top);
        transfer.Reference.ShouldMatch("^[1-9][0-9]{7}$");
        var attempt = (await counter.Till.Desk.LiveAsync(top.Payment))!;
        (attempt.Shape, attempt.PayValue, attempt.ExpiresAt).ShouldBe((PayShape.Transfer, transfer.Reference, top.ExpiresAt), "a transfer takes its time");
        JsonSerializer.Deserialize<Dictionary<string, string>>(attempt.PayFields!)!["account"].ShouldBe("6222 0200 0000 0001");
        (await counter.StartAsync(top)).Reference.ShouldBe(transfer.Reference);

        (await counter.SendAsync(top, "MZ this is no picture"u8.ToArray())).ShouldBe("bad_picture");
        (await counter.SendAsync(top, new byte[PictureSize + 1])).ShouldBe("too_large");
        (await counter.SendAsync(top, Slip)).ShouldBe("sent");
        var seen = (await counter.Bank.WaitingAsync()).ShouldHaveSingleItem();
        (seen.IsToBeChecked, seen.Slips, seen.Purpose).ShouldBe((true, 1, "top_up"));
        (await counter.Bank.SlipAsync(seen))!.Content.ShouldBe(Slip);
        // I18: names and account numbers are not readable in the database.
        (await counter.Trade.World.Database.ReadAsync(s => s.ScalarAsync<byte[]>("select sealed from bank_slip")))!.AsSpan().IndexOf("IHDR"u8).ShouldBe(-1);

        (await counter.Bank.RefuseAsync(transfer.AttemptId, "unreadable")).ShouldBeOfType<BankDecision.Done>();
        (await counter.Bank.OfAsync(top.Payment))!.Reason.ShouldBe("unreadable");
        (await counter.SendAsync(top, Slip)).ShouldBe("sent");
        (await counter.ConfirmAsync(transfer, "B1", "499.99")).ShouldBe("amount_differs");
        (await counter.ConfirmAsync(transfer, "B1")).ShouldBe("paid");
        (await counter.ConfirmAsync(transfer, "B1")).ShouldBe("settled");
        await counter.Till.FollowAsync();
        (await counter.GainAsync(), await counter.Trade.BalanceAsync("clearing:icbc", 0)).ShouldBe(("500.0000", "-500.0000"));
        (await counter.Bank.WaitingAsync()).ShouldBeEmpty();

        // I6: the same receipt pays no second transfer.
        var other = await counter.StartAsync(await counter.AskAsync("500", "k2"));
        (await counter.ConfirmAsync(other, "B1")).ShouldBe("number_used");
        await counter.Trade.ProveAsync();
    }

    private const int PictureSize = 4 << 20;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I6_Above_the_limit_two_persons_confirm_and_however_often_it_is_booked_once(DatabaseKind kind)
    {
        await using var counter = await OpenAsync(kind);
        await counter.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values (@name, '499.99')", new { name = BankDesk.TwoPersonsSetting }));
        var top = await counter.AskAsync("500", "k");
        var transfer = await counter.StartAsync(top);
        (await counter.ConfirmAsync(transfer, "B1")).ShouldBe("first");
        await counter.Till.FollowAsync();
        (await counter.GainAsync()).ShouldBe("0.0000");
        (await counter.ConfirmAsync(transfer, "B1")).ShouldBe("same_person");
        (await counter.ConfirmAsync(transfer, "B2", actor: "operator:b")).ShouldBe("number_differs");
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => counter.ConfirmAsync(transfer, "B1", actor: "operator:b")));
        both.Order().ShouldBe(["paid", "settled", "settled", "settled"]);
        await counter.Till.FollowAsync();
        await counter.Till.FollowAsync(TimeSpan.FromMinutes(1));
        (await counter.GainAsync()).ShouldBe("500.0000");
        await counter.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_A_slip_keeps_its_transfer_open_and_money_after_it_was_closed_is_credited(DatabaseKind kind)
    {
        await using var counter = await OpenAsync(kind);
        var (sent, silent) = (await counter.AskAsync("500", "k"), await counter.AskAsync("300", "k2"));
        var (with, without) = (await counter.StartAsync(sent), await counter.StartAsync(silent));
        await counter.SendAsync(sent, Slip);
        await counter.Till.FollowAsync(TimeSpan.FromHours(25));
        ((await counter.Bank.FindAsync(with.AttemptId))!.State, (await counter.Bank.FindAsync(without.AttemptId))!.State).ShouldBe((BankTransferState.Open, BankTransferState.Closed));
        (await counter.Bank.OfReferenceAsync(without.Reference))!.AttemptId.ShouldBe(without.AttemptId);
        (await counter.ConfirmAsync(with, "B1"), await counter.ConfirmAsync(without, "B2")).ShouldBe(("paid", "paid"));
        await counter.Till.FollowAsync();
        (await counter.GainAsync()).ShouldBe("800.0000");
        await counter.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_F30_A_transfer_that_paid_twice_is_paid_back_by_hand_once(DatabaseKind kind)
    {
        await using var counter = await OpenAsync(kind);
        var top = await counter.AskAsync("500", "k");
        var transfer = await counter.StartAsync(top);
        // The merchant changes its mind: the transfer is closed, another channel pays, and then the transfer arrives.
        (await counter.Till.Desk.StartAsync(top.Payment, new PayAsk(Trade.Leaf, PayWays.Alipay, PayDevices.Desktop, "top-up", "http://shop.example/back")))!.Problem.ShouldBe(PayProblem.None);
        (await counter.Bank.FindAsync(transfer.AttemptId))!.State.ShouldBe(BankTransferState.Closed);
        var other = (await counter.Till.Desk.LiveAsync(top.Payment))!;
        (other.PayValue!.StartsWith("/a/", StringComparison.Ordinal) ? counter.Till.A : counter.Till.B).Pay(other.OutNo, "T1");
        await counter.Till.FollowAsync(TimeSpan.FromSeconds(6));
        await counter.ConfirmAsync(transfer, "B1");
        await counter.Till.FollowAsync();
        (await counter.GainAsync()).ShouldBe("500.0000");
        await counter.Till.RefundAsync();
        var back = (await counter.Bank.RefundsAsync()).ShouldHaveSingleItem();
        (back.Amount, back.Reference, back.BankNo).ShouldBe((Money.Parse("500"), transfer.Reference, "B1"));
        (await counter.Bank.PaidBackAsync(back.Id, "", "operator:a")).ShouldBeOfType<BankDecision.Refused>();
        (await counter.Bank.PaidBackAsync(back.Id, "R1", "operator:a")).ShouldBeOfType<BankDecision.Done>();
        (await counter.Bank.PaidBackAsync(back.Id, "R2", "operator:a")).ShouldBeOfType<BankDecision.Refused>();
        (await counter.Bank.RefundsAsync()).ShouldBeEmpty();
        await counter.Till.RefundAsync();
        (await counter.Till.Desk.RefundsAsync(top.Payment)).ShouldHaveSingleItem().State.ShouldBe(RefundState.Done);
        (await counter.Trade.BalanceAsync("clearing:icbc", 0), await counter.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("0.0000", "0.0000"));

        // Its statement is what persons read at the bank.
        var day = DateOnly.FromDateTime(counter.Trade.Clock.Now().ToOffset(TimeSpan.FromHours(8)).DateTime);
        counter.Trade.Clock.Turn(TimeSpan.FromDays(1));
        var open = await counter.Trade.World.Get<PaymentChannels>().OpenAsync(counter.Channel);
        // Of two days, because one may have ended a second ago.
        StatementLine[] lines = [.. await open.StatementAsync(day.AddDays(-1), default), .. await open.StatementAsync(day, default)];
        lines.Select(l => (l.TradeNo, l.RefundNo is null, l.Amount.ToString())).ShouldBe([("B1", true, "500.0000"), ("B1", false, "500.0000")]);
        await counter.Trade.ProveAsync();
    }
}
