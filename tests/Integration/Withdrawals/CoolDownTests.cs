using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Orders;
using static Lianka.Tests.Integration.Withdrawals.Withdrawing;

namespace Lianka.Tests.Integration.Withdrawals;

/// <summary>After a change that a thief would make, the money stays for a day.</summary>
public sealed class CoolDownTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Each_security_change_stops_withdrawals_until_its_time_is_over(DatabaseKind kind)
    {
        await using var world = await Withdrawing.OpenAsync(kind, rules: ("person_day_count", "20"));
        var (people, payees) = (world.Trade.World.Get<People>(), world.Trade.World.Get<Payees>());
        var asked = 0;
        Withdrawal Fine(WithdrawalDecision decision) => Done(decision);
        Fine(await AskAsync());

        await StopsAsync("login", () => people.CreateAsync("leaf", Visitor.Password, Roles.Merchant, Trade.Leaf.Value, "Leaf"));
        var person = (await people.OfPartyAsync(Roles.Merchant, Trade.Leaf.Value)).Single();
        await StopsAsync("password", () => people.ChangePasswordAsync(person.Id, Visitor.Password, "another phrase of words"));
        await StopsAsync("password", () => people.ResetPasswordAsync("leaf", Roles.Merchant, Trade.Leaf.Value, Visitor.Password));
        await StopsAsync("payee", () => payees.SetAsync(Trade.Leaf, Bank with { Number = "6225880199998888" }, "merchant:leaf"));
        await StopsAsync("real_name", () => world.VerifyAsync(Zhang));

        // What changed nothing, or is another's, stops nothing.
        (await people.ChangePasswordAsync(person.Id, "wrong and long enough", "another phrase of words")).ShouldBeNull();
        (await people.CreateAsync("leaf", Visitor.Password, Roles.Merchant, Trade.Leaf.Value, "Leaf")).ShouldBeFalse();
        (await payees.SetAsync(Trade.Leaf, Bank with { Number = "x" }, "merchant:leaf")).ShouldNotBeEmpty();
        await people.CreateAsync("middle", Visitor.Password, Roles.Merchant, Trade.Middle.Value, "Middle");
        await people.CreateAsync("anna", Visitor.Password, Roles.Operator, 0, "Anna");
        await world.Trade.World.Get<RealNames>().SubmitAsync(Trade.Leaf.Value, Company, "merchant:leaf");
        Fine(await AskAsync());
        await world.Trade.ProveAsync();

        Task<WithdrawalDecision> AskAsync() => world.AskAsync("10.00", $"k{++asked}");

        async Task StopsAsync(string what, Func<Task> change)
        {
            await change();
            Error(await AskAsync()).ShouldBe("cool_down", what);
            var last = (await world.Trade.World.Database.ReadAsync(s => SecurityChanges.LastAsync(s, Trade.Leaf.Value)))!;
            last.Kind.ShouldBe(what);
            world.Trade.Clock.Turn(TimeSpan.FromHours(23.9));
            Error(await AskAsync()).ShouldBe("cool_down", what);
            world.Trade.Clock.Turn(TimeSpan.FromHours(0.2));
            Fine(await AskAsync());
        }
    }
}
