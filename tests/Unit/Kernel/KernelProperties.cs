using FsCheck;
using FsCheck.Fluent;
using Lianka.Kernel;

namespace Lianka.Tests.Unit.Kernel;

public sealed class KernelProperties
{
    [Fact]
    public void What_is_written_reads_back_as_the_same_amount() => Prop.ForAll<long>(units =>
    {
        var money = new Money(units % 100_000_000_000_000_000);
        return Money.Parse(money.ToString()) == money && Money.Parse(money.Text(2)) == money;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rounding_is_never_more_than_half_away() => Prop.ForAll<long, int>((a, b) =>
    {
        var divisor = Math.Abs((long)b) + 1;
        var rounded = (Int128)Rounding.HalfAwayFromZero(a, divisor);
        return Int128.Abs((rounded * divisor) - a) * 2 <= divisor;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_id_has_a_public_form_of_its_own_and_comes_back_from_it() => Prop.ForAll<long>(seed =>
    {
        var id = new OrderId((seed & long.MaxValue) | 1);
        return OrderId.TryParse(id.ToString(), out var back) && back == id && !MerchantId.TryParse(id.ToString(), out _);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Moments_come_back_to_the_microsecond() => Prop.ForAll<long>(micros =>
    {
        var at = Instants.FromMicros(micros % 10_000_000_000_000_000);
        return Instants.FromMicros(at.ToMicros()) == at;
    }).QuickCheckThrowOnFailure();
}
