using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;

namespace Lianka.Tests.Integration.Channels;

/// <summary>What the buyer's browser does.</summary>
internal static class Pages
{
    /// <summary>Sends the form of a pay code.</summary>
    public static async Task<string> SubmitAsync(this ChannelSimulator simulator, PayCode code)
    {
        code.Shape.ShouldBe(PayShape.Form);
        using var answer = await simulator.Client.PostAsync(code.Value, new FormUrlEncodedContent(code.Fields!));
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    public static TradeRef Ref(ChannelOrder order, string? tradeNo = null) => new(order.OutNo, order.CreatedAt, tradeNo);

    /// <summary>A clock that goes <paramref name="ahead"/> of the real one.</summary>
    public sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + ahead;
    }
}
