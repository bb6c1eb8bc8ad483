using Lianka.Modules.Compliance;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using static Lianka.Tests.Integration.Withdrawals.Withdrawing;

namespace Lianka.Tests.Integration.Withdrawals;

public sealed class RealNameTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private static RealName Done(RealNameDecision decision) => decision.ShouldBeOfType<RealNameDecision.Done>().Name;

    private static string Error(RealNameDecision decision) => decision.ShouldBeOfType<RealNameDecision.Refused>().Errors[0].Code;

    [Theory, MemberData(nameof(Both))]
    public async Task One_waits_one_is_verified_and_a_new_one_takes_its_place_only_when_it_is_verified_too(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var names = world.Get<RealNames>();
        Error(await names.SubmitAsync(3, Zhang with { Number = "110105194912310021" }, "merchant:leaf")).ShouldBe("bad_check");
        (await names.LatestAsync(3)).ShouldBeNull();
        // Sent twice at once: one of the two waits.
        var sent = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => names.SubmitAsync(3, Zhang, "merchant:leaf")));
        sent.ShouldContain(d => d is RealNameDecision.Done);
        var waiting = (await names.ListAsync(waitingOnly: true)).ShouldHaveSingleItem();
        (waiting.Name, waiting.Tail, waiting.State, waiting.Others).ShouldBe(("张三", "002X", RealNameState.Waiting, 0));
        (await VerifiedAsync()).ShouldBeNull();

        Error(await names.DecideAsync(waiting.Id, isVerified: false, " ", "operator:anna")).ShouldBe("required");
        var decided = await Task.WhenAll(names.DecideAsync(waiting.Id, true, "", "operator:anna"), names.DecideAsync(waiting.Id, false, "blurred", "operator:bo"));
        decided.Count(d => d is RealNameDecision.Done).ShouldBe(1);
        if (Done(decided.First(d => d is RealNameDecision.Done)).State == RealNameState.Refused)
        {
            (await VerifiedAsync()).ShouldBeNull();
            waiting = Done(await names.SubmitAsync(3, Zhang, "merchant:leaf"));
            Done(await names.DecideAsync(waiting.Id, true, "", "operator:anna"));
        }

        (await VerifiedAsync())!.Name.ShouldBe("张三");
        var company = Done(await names.SubmitAsync(3, Company, "merchant:leaf"));
        (await VerifiedAsync())!.Name.ShouldBe("张三", "until the new one is verified");
        var better = Done(await names.SubmitAsync(3, Company, "merchant:leaf"));
        Error(await names.DecideAsync(company.Id, true, "", "operator:anna")).ShouldBe("wrong_state");
        (await VerifiedAsync())!.Name.ShouldBe("张三", "a decision that came too late changes nothing");
        Done(await names.DecideAsync(better.Id, true, "", "operator:anna"));
        (await VerifiedAsync())!.Kind.ShouldBe(RealNameKind.Company);

        // The same papers at another merchant are told to whoever reviews them.
        Done(await names.SubmitAsync(2, Company, "merchant:middle")).Others.ShouldBe(1);
        (await names.DecideAsync(12345, true, "", "x")).ShouldBeOfType<RealNameDecision.Missing>();

        Task<RealName?> VerifiedAsync() => world.Database.ReadAsync(s => names.VerifiedAsync(s, 3));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I18_Names_numbers_and_accounts_cannot_be_read_in_the_database(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind);
        var name = (await world.Trade.World.Get<RealNames>().LatestAsync(3))!;
        (await world.Trade.World.Get<RealNames>().NumberAsync(name.Id)).ShouldBe("11010519491231002X");
        foreach (var sealedBytes in await world.Trade.World.Database.ReadAsync(s => s.QueryAsync<byte[]>("select sealed from real_name union all select sealed from payee")))
        {
            var stored = System.Text.Encoding.UTF8.GetString(sealedBytes);
            stored.ShouldNotContain("1101");
            stored.ShouldNotContain("6225");
            stored.ShouldNotContain("\\u5F20");
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task No_withdrawal_without_a_real_name_that_the_payee_bears(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0, wallet: "1000.0000");
        var (desk, payees) = (trade.World.Get<WithdrawalDesk>(), trade.World.Get<Payees>());
        (await payees.SetAsync(Trade.Leaf, Bank, "x")).ShouldHaveSingleItem().Code.ShouldBe("no_real_name");
        (await desk.AbleAsync(Trade.Leaf, WithdrawalSource.Wallet)).Blocks.ShouldHaveSingleItem().Code.ShouldBe("no_real_name");

        await using var world = await Withdrawing.OpenAsync(kind);
        (await world.Trade.World.Get<Payees>().SetAsync(Trade.Leaf, Bank with { Holder = "李四" }, "x")).ShouldHaveSingleItem().Code.ShouldBe("name_differs");
        Withdrawing.Done(await world.AskAsync("100.00", "a"));
        // The account stays when the name changes, and is nobody's then.
        await world.VerifyAsync(Company);
        world.Trade.Clock.Turn(TimeSpan.FromHours(25));
        Withdrawing.Error(await world.AskAsync("100.00", "b")).ShouldBe("name_differs");
        await world.Trade.ProveAsync();
    }
}
