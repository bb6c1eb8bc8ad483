using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

/// <summary>Which channels may take a payment.</summary>
public sealed class ChannelRuleExamples
{
    // Noon in China.
    private static readonly DateTimeOffset _noon = new(2026, 11, 22, 4, 0, 0, TimeSpan.Zero);
    private static readonly Channel _channel = new() { Id = 1, Code = "a", Protocol = "two" };

    private static readonly MerchantId _seller = new(42);

    private sealed class TwoWays : IChannelProtocol
    {
        public string Name => "two";
        public string Zh => "二";
        public string En => "Two";
        public string BaseUrl => "";
        public IReadOnlyList<ChannelField> Fields => [];
        public IReadOnlyList<PayMethod> Methods { get; } =
        [
            new("h5", PayShape.Redirect, PayDevices.Phone, PayWays.WeChat), new("native", PayShape.Qr, PayDevices.Desktop | PayDevices.Phone, PayWays.WeChat),
            new("page", PayShape.Redirect, PayDevices.Desktop),
        ];

        public IReadOnlyList<FieldError> Check(ChannelTerms terms) => [];

        public IChannel Open(ChannelTerms terms) => throw new NotSupportedException();
    }

    private static string Offers(
        Channel channel, string amount = "50", PayDevices device = PayDevices.Desktop, string? way = null, string taken = "0", DateTimeOffset? at = null) =>
        string.Join(' ', ChannelRule.Offers([(channel, new TwoWays())], way, device, _seller, Money.Parse(amount),
            new Dictionary<long, Money> { [1] = Money.Parse(taken) }, at ?? _noon).Select(o => $"{o.Way}:{o.Method.Name}"));

    [Fact]
    public void Each_way_is_offered_once_by_the_first_method_that_suits_the_device()
    {
        Offers(_channel).ShouldBe("wechat:native two:page");
        Offers(_channel, device: PayDevices.Phone).ShouldBe("wechat:h5");
        Offers(_channel with { Methods = "native" }, device: PayDevices.Phone).ShouldBe("wechat:native");
        Offers(_channel, device: PayDevices.InApp).ShouldBe("");
        Offers(_channel, way: "two").ShouldBe("two:page");
        Offers(_channel, way: "alipay").ShouldBe("");
        Offers(_channel with { State = ChannelState.Off }).ShouldBe("");
    }

    [Fact]
    public void One_that_is_kept_for_some_merchants_takes_nobody_else_s_payments()
    {
        Offers(_channel with { Merchants = $"{new MerchantId(41)},{_seller}" }).ShouldNotBeEmpty();
        Offers(_channel with { Merchants = $"{new MerchantId(41)},{new MerchantId(421)}" }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("9.99", false)]
    [InlineData("10", true)]
    [InlineData("100", true)]
    [InlineData("100.01", false)]
    public void Amounts_have_limits_that_belong_to_them(string amount, bool isTaken) =>
        (Offers(_channel with { AmountMin = Money.Parse("10"), AmountMax = Money.Parse("100") }, amount).Length > 0).ShouldBe(isTaken);

    [Fact]
    public void What_it_may_take_in_a_day_is_not_exceeded_by_this_payment()
    {
        var limited = _channel with { DailyLimit = Money.Parse("1000") };
        Offers(limited, taken: "950").ShouldNotBeEmpty();
        Offers(limited, taken: "950.01").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(720, 721, true)]
    [InlineData(700, 720, false)]
    [InlineData(1320, 480, false)]
    [InlineData(1320, 721, true)]
    public void It_is_open_between_two_minutes_of_the_day_in_China_also_over_midnight(long from, long to, bool isOpen) =>
        (Offers(_channel with { OpenFrom = from, OpenTo = to }).Length > 0).ShouldBe(isOpen);
}
