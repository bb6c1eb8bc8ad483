using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;
using static Lianka.Tests.Integration.Withdrawals.Withdrawing;

namespace Lianka.Tests.Integration.Withdrawals;

/// <summary>From a merchant's wallet to its bank account. Three wallets of 1,000 were paid in, so the bank starts at −3,000.</summary>
public sealed class WithdrawalTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task I5_A_request_sent_many_times_takes_the_money_once(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.AskAsync("400.00")));
        answers.Select(a => Done(a).Id).Distinct().ShouldHaveSingleItem();
        answers.Cast<WithdrawalDecision.Done>().Count(d => !d.IsReplay).ShouldBe(1);
        (await world.MoneyAsync()).ShouldBe(("600.0000", "400.0000", "-3000.0000", "0.0000"));

        Error(await world.AskAsync("1.00")).ShouldBe("key_conflict");
        Error(await world.AskAsync("400.00", "k1", WithdrawalSource.Commission)).ShouldBe("key_conflict");
        Error(await world.AskAsync("600.01", "k2")).ShouldBe("above_most");
        Done(await world.AskAsync("600.00", "k2")).State.ShouldBe(PayoutState.Requested); // a refusal left the key free
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Limits_hold_however_many_ask_at_once(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind, rules: [("person_each", "300"), ("person_day", "500"), ("person_month", "900"), ("person_day_count", "4")]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.AskAsync("120.00", $"k{i}")));
        answers.Count(a => a is WithdrawalDecision.Done).ShouldBe(4);
        answers.OfType<WithdrawalDecision.Refused>().ShouldAllBe(r => r.Errors[0].Code == "day_count");

        // What was refused does not count; the day ends at midnight in China, the month with its last day.
        Done(await world.Desk.RefuseAsync(Done(answers.First(a => a is WithdrawalDecision.Done)).Id, "operator:anna", "no"));
        Error(await world.AskAsync("140.01", "k9")).ShouldBe("above_most");
        Done(await world.AskAsync("140.00", "k9"));
        (await world.Desk.AbleAsync(Orders.Trade.Leaf, WithdrawalSource.Wallet)).Blocks.ShouldContain(b => b.Code == "day_count");
        world.Trade.Clock.Turn(TimeSpan.FromDays(32));
        (await world.Desk.AbleAsync(Orders.Trade.Leaf, WithdrawalSource.Wallet)).Most.ToString().ShouldBe("300.0000");
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Four_eyes_one_person_below_the_limit_and_two_above_it(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind, rules: ("two_persons_above", "100"));
        var (small, large) = (Done(await world.AskAsync("100.00", "a")), Done(await world.AskAsync("100.01", "b")));
        Error(await world.Desk.ApproveAsync(small.Id, Asker)).ShouldBe("own_request");
        Done(await world.Desk.ApproveAsync(small.Id, Anna)).State.ShouldBe(PayoutState.Approved);
        Error(await world.Desk.ApproveAsync(small.Id, Bo)).ShouldBe("wrong_state");

        // Two at once who are the same person are one person.
        var twice = await Task.WhenAll(world.Desk.ApproveAsync(large.Id, Anna), world.Desk.ApproveAsync(large.Id, Anna));
        twice.Count(d => d is WithdrawalDecision.Done).ShouldBe(1);
        (await world.Desk.MakeFileAsync(PayeeKind.Bank, Anna))!.File.Payouts.ShouldBe(1);
        Done(await world.Desk.ApproveAsync(large.Id, Bo)).State.ShouldBe(PayoutState.Approved);
        (await world.Desk.MakeFileAsync(PayeeKind.Bank, Anna))!.File.Payouts.ShouldBe(1);
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I11_A_merchant_takes_its_own_request_back_once_while_nobody_has_approved_it(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind, rules: [("two_persons_above", "100"), ("person_each", "500"), ("person_day", "500")]);
        var asked = Done(await world.AskAsync("400.00", "a"));
        (await world.Desk.TakeBackAsync(new(2), asked.Id, "merchant:other")).ShouldBeOfType<WithdrawalDecision.Missing>();
        (await world.MoneyAsync()).ShouldBe(("600.0000", "400.0000", "-3000.0000", "0.0000"));
        var pressed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.Desk.TakeBackAsync(Orders.Trade.Leaf, asked.Id, "merchant:leaf"))));
        pressed.Count(d => d is WithdrawalDecision.Done { Withdrawal.State: PayoutState.TakenBack }).ShouldBe(1);
        (await world.MoneyAsync()).ShouldBe(("1000.0000", "0.0000", "-3000.0000", "0.0000"));
        Error(await world.Desk.ApproveAsync(asked.Id, Anna)).ShouldBe("wrong_state");

        // It does not count for the day any more; what one of two has approved stays.
        var second = Done(await world.AskAsync("500.00", "b"));
        Done(await world.Desk.ApproveAsync(second.Id, Anna));
        Error(await world.Desk.TakeBackAsync(Orders.Trade.Leaf, second.Id, "merchant:leaf")).ShouldBe("wrong_state");
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I11_Taken_back_and_approved_at_once_one_wins(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind);
        for (var i = 0; i < 8; i++)
        {
            var asked = Done(await world.AskAsync("10.00", $"k{i}"));
            var told = await Task.WhenAll(
                Task.Run(() => world.Desk.TakeBackAsync(Orders.Trade.Leaf, asked.Id, "merchant:leaf")), Task.Run(() => world.Desk.ApproveAsync(asked.Id, Anna)),
                Task.Run(() => world.Desk.RefuseAsync(asked.Id, "operator:anna", "no")));
            // A refusal may follow an approval, nothing follows what was taken back.
            var end = (await world.Desk.FindAsync(asked.Id))!.State;
            told.Count(t => t is WithdrawalDecision.Done).ShouldBe(end == PayoutState.Refused && told[1] is WithdrawalDecision.Done ? 2 : 1);
            (told[0] is WithdrawalDecision.Done).ShouldBe(end == PayoutState.TakenBack);
        }

        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I11_Each_stands_in_one_file_and_its_result_counts_once_and_a_failure_returns_the_money_once(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind, rules: [("fee_bps", "100"), ("fee_least", "1.50"), ("person_day_count", "9")]);
        var (paid, failed, refused) = (Done(await world.AskAsync("200.00", "a")), Done(await world.AskAsync("100.00", "b")), Done(await world.AskAsync("50.00", "c")));
        (paid.Fee.ToString(), paid.Net.ToString(), refused.Fee.ToString()).ShouldBe(("2.0000", "198.0000", "1.5000"));
        // The fee is frozen at the request.
        (await world.Trade.World.Get<WithdrawalRules>().SetAsync(new Dictionary<string, string> { ["fee_bps"] = "900" })).ShouldBeEmpty();
        foreach (var withdrawal in new[] { paid, failed, refused }) Done(await world.Desk.ApproveAsync(withdrawal.Id, Anna));

        Error(await world.Desk.RefuseAsync(refused.Id, "operator:anna", "")).ShouldBe("required");
        Done(await world.Desk.RefuseAsync(refused.Id, "operator:anna", "ask again")).Reason.ShouldBe("ask again");
        Error(await world.Desk.RefuseAsync(refused.Id, "operator:anna", "again")).ShouldBe("wrong_state");
        (await world.MoneyAsync()).ShouldBe(("700.0000", "300.0000", "-3000.0000", "0.0000"));

        (await world.Desk.MakeFileAsync(PayeeKind.Alipay, Anna)).ShouldBeNull();
        var files = await Task.WhenAll(world.Desk.MakeFileAsync(PayeeKind.Bank, Anna), world.Desk.MakeFileAsync(PayeeKind.Bank, Bo));
        var file = files.Single(f => f is not null)!.File;
        (file.Payouts, file.Total.ToString()).ShouldBe((2, "296.5000"));
        Error(await world.Desk.RefuseAsync(paid.Id, "operator:anna", "too late")).ShouldBe("wrong_state");
        var text = (await world.Desk.WriteFileAsync(file.Id)).ShouldNotBeNull();
        text.Split("\r\n")[..2].ShouldBe(["payout_no,account_holder,account_number,bank,amount,currency", $"{paid.No},张三,6225880123456789,招商银行深圳分行,198.00,CNY"]);
        (await world.Desk.WriteFileAsync(file.Id)).ShouldBe(text);

        var results = $"payout_no,result,bank_reference,reason\n{paid.No},paid,BANK-1,\n{failed.No},失败,BANK-2,account closed\n{refused.No},paid,,\nnonsense,paid,,\n{paid.No},maybe,,\n";
        for (var i = 0; i < 2; i++)
        {
            var (rows, error) = await world.Desk.TakeResultsAsync(results, "operator:anna");
            error.ShouldBeNull();
            rows.Select(r => r.Error?.Code).ShouldBe([null, null, "wrong_state", "unknown", "bad_result"]);
            rows.Take(2).ShouldAllBe(r => r.IsReplay == (i == 1));
            (await world.MoneyAsync()).ShouldBe(("800.0000", "0.0000", "-2802.0000", "2.0000"));
        }

        // Two who take one file at once, and a bank that changes its mind.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Desk.TakeResultsAsync(results, "operator:bo")));
        (await world.Desk.TakeResultsAsync($"payout_no,result\n{paid.No},failed\n", "x")).Rows[0].Error!.Code.ShouldBe("wrong_state");
        (await world.MoneyAsync()).ShouldBe(("800.0000", "0.0000", "-2802.0000", "2.0000"));
        (await world.Desk.ListAsync(Orders.Trade.Leaf)).Select(w => (w.State, w.BankReference, w.Reason)).ShouldBe(
            [(PayoutState.Refused, null, "ask again"), (PayoutState.Failed, "BANK-2", "account closed"), (PayoutState.Paid, "BANK-1", null)]);
        (await world.Desk.ListAsync(Orders.Trade.Middle)).ShouldBeEmpty();
        (await world.Desk.FilesAsync()).ShouldHaveSingleItem().File.Open.ShouldBe(0);
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I11_A_result_that_comes_from_two_sides_at_once_is_posted_once(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind);
        var withdrawal = Done(await world.AskAsync("100.00"));
        await world.Desk.ApproveAsync(withdrawal.Id, Anna);
        await world.Desk.MakeFileAsync(PayeeKind.Bank, Anna);
        // One says paid, the other failed: the first that comes wins, and nothing is both.
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            world.Desk.TakeResultsAsync($"payout_no,result\n{withdrawal.No},{(i % 2 == 0 ? "paid" : "failed")}\n", "x")));
        answers.Count(a => a.Rows[0].Error is null && !a.Rows[0].IsReplay).ShouldBe(1);
        (await world.MoneyAsync()).ShouldBeOneOf(("900.0000", "0.0000", "-2900.0000", "0.0000"), ("1000.0000", "0.0000", "-3000.0000", "0.0000"));
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Commission_goes_out_and_comes_back_as_commission_and_Alipay_has_its_own_file(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind, payee: new(PayeeKind.Alipay, "张三", "", "138 0013 5567"));
        var ledger = world.Trade.World.Get<Modules.Ledger.Ledger>();
        await world.Trade.World.Database.WriteAsync(async s => await ledger.PostAsync(s, new Posting("test", "test",
            [new Leg((await ledger.FindAsync(s, AccountKinds.Clearing("bank"), 0))!.Value, (await ledger.FindAsync(s, AccountKinds.CommissionAvailable, 3))!.Value, Money.Parse("88.8888"), "test")])));
        (await world.Desk.AbleAsync(Orders.Trade.Leaf, WithdrawalSource.Commission)).Most.ToString().ShouldBe("88.8800");
        Error(await world.AskAsync("88.89", "a", WithdrawalSource.Commission)).ShouldBe("above_most");
        var (first, second) = (Done(await world.AskAsync("50.00", "a", WithdrawalSource.Commission)), Done(await world.AskAsync("38.88", "b", WithdrawalSource.Commission)));
        Done(await world.Desk.RefuseAsync(first.Id, "operator:anna", "no"));
        (await world.Trade.BalanceAsync(AccountKinds.CommissionAvailable, 3)).ShouldBe("50.0088");
        (await world.Trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("1000.0000");

        Done(await world.Desk.ApproveAsync(second.Id, Anna));
        (await world.Desk.MakeFileAsync(PayeeKind.Bank, Anna)).ShouldBeNull();
        var file = (await world.Desk.MakeFileAsync(PayeeKind.Alipay, Anna))!.File;
        (await world.Desk.WriteFileAsync(file.Id))!.ShouldContain($"{second.No},张三,13800135567,支付宝,38.88,CNY");
        await world.Desk.TakeResultsAsync($"payout_no,result\n{second.No},paid\n", "operator:anna");
        (await world.Trade.BalanceAsync(AccountKinds.Clearing("alipay_payouts"), 0)).ShouldBe("38.8800");
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_is_held_owed_or_on_credit_does_not_leave(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind);
        var ledger = world.Trade.World.Get<Modules.Ledger.Ledger>();
        await world.Trade.World.Database.WriteAsync(async s =>
        {
            var wallet = (await ledger.FindAsync(s, AccountKinds.Wallet, 3))!.Value;
            await ledger.SetCreditAsync(s, wallet, Money.Parse("5000"), "operator:anna");
            await world.Trade.World.Get<Holds>().PlaceAsync(s, wallet, Money.Parse("100"), "test", world.Trade.Clock.Now().AddHours(1), "h1");
            await ledger.PostAsync(s, new Posting("test", "test",
                [new Leg((await ledger.FindAsync(s, AccountKinds.Receivable, 3))!.Value, (await ledger.FindAsync(s, AccountKinds.Clearing("bank"), 0))!.Value, Money.Parse("250"), "test")]));
        });
        var able = await world.Desk.AbleAsync(Orders.Trade.Leaf, WithdrawalSource.Wallet);
        (able.Balance.ToString(), able.Most.ToString(), string.Join(',', able.Bounds.Select(b => b.Code))).ShouldBe(("1000.0000", "650.0000", "held,owed"));
        Error(await world.AskAsync("650.01")).ShouldBe("above_most");
        Done(await world.AskAsync("650.00"));
        (await world.Trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("350.0000");
        await world.Trade.ProveAsync();
    }
}
