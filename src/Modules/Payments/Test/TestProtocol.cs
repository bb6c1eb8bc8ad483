using Lianka.Kernel;

namespace Lianka.Modules.Payments.Test;

/// <summary>The protocol without real money; the channel <c>test</c> stands in every installation.</summary>
internal sealed class TestProtocol(IHttpClientFactory http, TestChannelKey keys, OwnAddress own, TimeProvider clock) : IChannelProtocol
{
    public const string Code = "test";

    public string Name => PayWays.Test;
    public string Zh => "测试通道";
    public string En => "Test channel";
    public string BaseUrl => "";
    public IReadOnlyList<ChannelField> Fields => [];
    public IReadOnlyList<PayMethod> Methods { get; } = [new("page", PayShape.Redirect, PayDevices.Desktop | PayDevices.Phone | PayDevices.InApp)];

    public IReadOnlyList<FieldError> Check(ChannelTerms terms) => [];

    public IChannel Open(ChannelTerms terms) => new TestChannel(http, keys, own, terms, clock);
}
