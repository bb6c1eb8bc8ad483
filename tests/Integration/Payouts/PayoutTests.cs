using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payouts;

/// <summary>From what a supplier earned to its bank account. The supplier sells ten cards at a cost of 45.</summary>
public sealed class PayoutTests
{
    private const long Asker = 900, Anna = 901, Bo = 902;

    public static TheoryData<DatabaseKind> Both => World.Both;

    private static async Task<(Trade Trade, PayoutDesk Desk)> OpenAsync(DatabaseKind kind, bool withBank = true)
    {
        var trade = await Trade.OpenAsync(kind, cards: 20, settlesAtOnce: true);
        Trade.Done(await trade.PlaceAsync("A-1", 10));
        await trade.SettleAsync(); // 450 are payable
        var desk = trade.World.Get<PayoutDesk>();
        if (withBank) (await desk.SetBankAsync(Trade.Supplier, new BankDraft { Holder = "上海某某科技", Bank = "=工商银行", Number = "6222 0200 1234 5678" }, "supplier:sup")).ShouldBeEmpty();
        return (trade, desk);
    }

    private static Task<PayoutDecision> AskAsync(PayoutDesk desk, string amount, string key = "k1") =>
        desk.RequestAsync(Trade.Supplier, Asker, "supplier:sup", Money.Parse(amount), key);

    private static Payout Done(PayoutDecision decision) => decision.ShouldBeOfType<PayoutDecision.Done>().Payout;

    private static string Error(PayoutDecision decision) => decision.ShouldBeOfType<PayoutDecision.Refused>().Errors[0].Code;

    private static async Task<(string Payable, string Transit, string Bank)> MoneyAsync(Trade trade) =>
        (await trade.BalanceAsync(AccountKinds.Payable, 30), await trade.BalanceAsync(AccountKinds.Payout, 0), await trade.BalanceAsync(AccountKinds.Clearing("bank"), 0));

    [Theory, MemberData(nameof(Both))]
    public async Task I5_A_request_sent_many_times_takes_the_money_once(DatabaseKind kind)
    {
        var (trade, desk) = await OpenAsync(kind);
        await using var _ = trade;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(desk, "400.00")));
        answers.Select(a => Done(a).Id).Distinct().ShouldHaveSingleItem();
        answers.Cast<PayoutDecision.Done>().Count(d => !d.IsReplay).ShouldBe(1);
        (await MoneyAsync(trade)).ShouldBe(("50.0000", "400.0000", "-300000.0000"));

        Error(await AskAsync(desk, "1.00")).ShouldBe("key_conflict");
        Error(await AskAsync(desk, "50.01", "k2")).ShouldBe("above_available");
        Done(await AskAsync(desk, "50.00", "k2")).State.ShouldBe(PayoutState.Requested); // a refusal left the key free
        await trade.ProveAsync();
    }

    [Theory]
    [InlineData("0.00", "not_positive")]
    [InlineData("-1.00", "not_positive")]
    [InlineData("1.0001", "not_whole_fen")]
    public async Task F22_An_amount_that_no_bank_moves_is_refused_by_name(string amount, string code)
    {
        var (trade, desk) = await OpenAsync(DatabaseKind.Sqlite);
        await using var _ = trade;
        Error(await AskAsync(desk, amount)).ShouldBe(code);
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("450.0000");
    }

    [Fact]
    public async Task Without_a_bank_account_nothing_is_asked_for()
    {
        var (trade, desk) = await OpenAsync(DatabaseKind.Sqlite, withBank: false);
        await using var _ = trade;
        Error(await AskAsync(desk, "1.00")).ShouldBe("no_bank_account");
        (await desk.SetBankAsync(Trade.Supplier, new BankDraft { Holder = "", Bank = "B", Number = "12a" }, "x")).Select(e => e.Field).ShouldBe(["number", "holder"], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Four_eyes_two_persons_approve_and_neither_is_who_asked(DatabaseKind kind)
    {
        var (trade, desk) = await OpenAsync(kind);
        await using var _ = trade;
        var payout = Done(await AskAsync(desk, "100.00"));
        Error(await desk.ApproveAsync(payout.Id, Asker)).ShouldBe("own_request");
        Done(await desk.ApproveAsync(payout.Id, Anna)).State.ShouldBe(PayoutState.ApprovedOnce);
        Error(await desk.ApproveAsync(payout.Id, Anna)).ShouldBe("same_person");
        Error(await desk.ApproveAsync(payout.Id, Asker)).ShouldBe("own_request");
        (await desk.MakeFileAsync(Anna)).ShouldBeNull("one pair of eyes is not enough");

        // Two at once who are the same person are one person.
        var other = Done(await AskAsync(desk, "10.00", "k2"));
        var twice = await Task.WhenAll(desk.ApproveAsync(other.Id, Bo), desk.ApproveAsync(other.Id, Bo));
        twice.Count(d => d is PayoutDecision.Done).ShouldBe(1);

        Done(await desk.ApproveAsync(payout.Id, Bo)).State.ShouldBe(PayoutState.Approved);
        Error(await desk.ApproveAsync(payout.Id, 903)).ShouldBe("wrong_state");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I11_Each_payout_stands_in_one_file_and_its_result_counts_once(DatabaseKind kind)
    {
        var (trade, desk) = await OpenAsync(kind);
        await using var _ = trade;
        var (paid, failed, refused) = (Done(await AskAsync(desk, "100.00", "a")), Done(await AskAsync(desk, "200.00", "b")), Done(await AskAsync(desk, "50.00", "c")));
        foreach (var payout in new[] { paid, failed, refused })
        {
            await desk.ApproveAsync(payout.Id, Anna);
            await desk.ApproveAsync(payout.Id, Bo);
        }

        Done(await desk.RefuseAsync(refused.Id, "operator:anna", "ask again")).Reason.ShouldBe("ask again");
        Error(await desk.RefuseAsync(refused.Id, "operator:anna", "again")).ShouldBe("wrong_state");
        (await MoneyAsync(trade)).ShouldBe(("150.0000", "300.0000", "-300000.0000"));

        var files = await Task.WhenAll(desk.MakeFileAsync(Anna), desk.MakeFileAsync(Bo));
        var file = files.Single(f => f is not null)!;
        (file.Payouts, file.Total.ToString()).ShouldBe((2, "300.0000"));
        Error(await desk.RefuseAsync(paid.Id, "operator:anna", "too late")).ShouldBe("wrong_state");
        var text = (await desk.WriteFileAsync(file.Id)).ShouldNotBeNull();
        text.Split("\r\n")[..2].ShouldBe(["payout_no,account_holder,account_number,bank,amount,currency",
            $"{paid.No},上海某某科技,6222020012345678,'=工商银行,100.00,CNY"]);
        (await desk.WriteFileAsync(file.Id)).ShouldBe(text);

        var results = $"payout_no,result,bank_reference,reason\n{paid.No},paid,BANK-1,\n{failed.No},failed,BANK-2,account closed\n{refused.No},paid,,\nnonsense,paid,,\n{paid.No},maybe,,\n";
        for (var i = 0; i < 2; i++)
        {
            var (rows, error) = await desk.TakeResultsAsync(results, "operator:anna");
            error.ShouldBeNull();
            rows.Select(r => r.Error?.Code).ShouldBe([null, null, "wrong_state", "unknown", "bad_result"]);
            rows.Take(2).ShouldAllBe(r => r.IsReplay == (i == 1));
            (await MoneyAsync(trade)).ShouldBe(("350.0000", "0.0000", "-299900.0000"));
        }

        // A bank that changes its mind is a matter for people.
        (await desk.TakeResultsAsync($"payout_no,result\n{paid.No},failed\n", "x")).Rows[0].Error!.Code.ShouldBe("wrong_state");
        var list = await desk.ListAsync(Trade.Supplier);
        list.Select(p => (p.State, p.BankReference, p.Reason)).ShouldBe(
            [(PayoutState.Refused, null, "ask again"), (PayoutState.Failed, "BANK-2", "account closed"), (PayoutState.Paid, "BANK-1", null)]);
        (await desk.ListAsync(new SupplierId(31))).ShouldBeEmpty();
        (await desk.FilesAsync()).ShouldHaveSingleItem().Open.ShouldBe(0);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task T0_Of_grades_A_and_B_a_sale_stands_in_the_banks_file_within_its_minute_and_of_C_a_day_later(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20, settlesAtOnce: true);
        trade.Clock.Stop();
        var desk = trade.World.Get<PayoutDesk>();
        await desk.SetBankAsync(Trade.Supplier, new BankDraft { Holder = "H", Bank = "B", Number = "12345678" }, "supplier:sup");
        foreach (var grade in new[] { "A", "B" })
        {
            await GradeAsync(grade);
            var order = Trade.Done(await trade.PlaceAsync(grade));
            After(1);
            await trade.SettleAsync(); // what OrderClock does each second
            (await AvailableAsync()).ShouldBe("45.0000", "the whole sale, and nothing else");
            After(20);
            var payout = Done(await AskAsync(desk, "45.00", grade));
            After(20);
            await desk.ApproveAsync(payout.Id, Anna);
            After(15);
            Done(await desk.ApproveAsync(payout.Id, Bo)).State.ShouldBe(PayoutState.Approved);
            After(2);
            var file = (await desk.MakeFileAsync(Anna)).ShouldNotBeNull();
            (await desk.WriteFileAsync(file.Id)).ShouldNotBeNull().ShouldContain($"{payout.No},H,12345678,B,45.00,CNY");
            order.ReleaseAt.ShouldBe(order.DeliveredAt);
            (file.MadeAt - order.CreatedAt).ShouldBe(TimeSpan.FromSeconds(58));
        }

        await GradeAsync("C");
        Trade.Done(await trade.PlaceAsync("C"));
        After(24 * 3_600 - 60);
        await trade.SettleAsync();
        (await AvailableAsync()).ShouldBe("0.0000");
        Error(await AskAsync(desk, "0.01", "C")).ShouldBe("above_available");
        After(61);
        await trade.SettleAsync();
        (await AvailableAsync()).ShouldBe("45.0000");
        await trade.ProveAsync();

        void After(int seconds) => trade.Clock.Turn(TimeSpan.FromSeconds(seconds));

        async Task<string> AvailableAsync() => (await desk.AgeingAsync(Trade.Supplier)).Available.ToString();

        Task GradeAsync(string grade) => trade.World.Database.WriteAsync(s => s.ExecuteAsync(
            "update supplier set grade = @grade where id = 30; update version set value = value + 1 where name = 'prices'", new { grade }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n1,2\n")]
    public async Task A_file_that_is_none_is_refused_as_a_whole(string content)
    {
        var (trade, desk) = await OpenAsync(DatabaseKind.Sqlite);
        await using var _ = trade;
        (await desk.TakeResultsAsync(content, "x")).Error!.Code.ShouldBe("bad_header");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I18_The_bank_account_cannot_be_read_in_the_database(DatabaseKind kind)
    {
        var (trade, desk) = await OpenAsync(kind);
        await using var _ = trade;
        (await desk.BankAsync(Trade.Supplier))!.Tail.ShouldBe("5678");
        var stored = await trade.World.Database.ReadAsync(s => s.ScalarAsync<byte[]>("select sealed from supplier_bank"));
        System.Text.Encoding.UTF8.GetString(stored!).ShouldNotContain("6222");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_is_payable_is_told_by_its_age_and_payouts_take_the_oldest(DatabaseKind kind)
    {
        var (trade, desk) = await OpenAsync(kind); // 450 now
        await using var _ = trade;
        trade.Clock.Turn(TimeSpan.FromDays(20));
        Trade.Done(await trade.PlaceAsync("A-2", 4)); // 180
        await trade.SettleAsync();
        trade.Clock.Turn(TimeSpan.FromDays(15));
        Trade.Done(await trade.PlaceAsync("A-3", 2)); // 90
        await trade.SettleAsync();
        Ages(await desk.AgeingAsync(Trade.Supplier)).ShouldBe("90.0000 180.0000 450.0000 0.0000 0.0000");
        Done(await AskAsync(desk, "500.00"));
        Ages(await desk.AgeingAsync(Trade.Supplier)).ShouldBe("90.0000 130.0000 0.0000 500.0000 0.0000");
        // To the minute, though numbers of transfers tell the time by the hour only.
        trade.Clock.Turn(TimeSpan.FromMinutes(20));
        Trade.Done(await trade.PlaceAsync("A-4", 1)); // 45
        await trade.SettleAsync();
        trade.Clock.Turn(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5));
        Ages(await desk.AgeingAsync(Trade.Supplier)).ShouldBe("45.0000 220.0000 0.0000 500.0000 0.0000");
        trade.Clock.Turn(TimeSpan.FromMinutes(10));
        Ages(await desk.AgeingAsync(Trade.Supplier)).ShouldBe("0.0000 265.0000 0.0000 500.0000 0.0000");

        static string Ages(PayableAgeing a) => $"{a.Days7} {a.Days30} {a.Older} {a.InTransit} {a.Paid}";
    }
}
