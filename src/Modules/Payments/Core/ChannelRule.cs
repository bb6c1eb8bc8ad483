using Lianka.Kernel;

namespace Lianka.Modules.Payments.Core;

/// <summary>One channel and one of its methods, by which a payment could be taken.</summary>
public readonly record struct Offer(Channel Channel, PayMethod Method, string Way);

/// <summary>Which channels may take a payment. Pure.</summary>
/// <remarks>Held by: tests/Unit/Payments/ChannelRuleExamples.cs.</remarks>
public static class ChannelRule
{
    /// <summary>The channels that may take the amount for a seller, on such a device, now, each with its best method for it.</summary>
    /// <param name="way">Only what buyers know as this; null: any.</param>
    /// <param name="takenToday">What each channel took since midnight in China, by its id.</param>
    public static List<Offer> Offers(
        IEnumerable<(Channel Channel, IChannelProtocol Protocol)> channels, string? way, PayDevices device, MerchantId seller, Money amount,
        IReadOnlyDictionary<long, Money> takenToday, DateTimeOffset now)
    {
        var offers = new List<Offer>();
        foreach (var (channel, protocol) in channels)
        {
            if (channel.State != ChannelState.Active || !IsOpen(channel, now) || !channel.Serves(seller)) continue;
            if (channel.AmountMin is { } min && amount < min) continue;
            if (channel.AmountMax is { } max && amount > max) continue;
            if (channel.DailyLimit is { } limit && takenToday.GetValueOrDefault(channel.Id) + amount > limit) continue;
            // One offer for each way; of a protocol's methods for one way the first that suits the device.
            offers.AddRange(protocol.Methods.Where(m => channel.Has(m) && m.Devices.HasFlag(device))
                .Select(m => new Offer(channel, m, m.Way.Length > 0 ? m.Way : protocol.Name))
                .Where(o => way is null || o.Way == way).DistinctBy(o => o.Way));
        }

        return offers;
    }

    private static bool IsOpen(Channel channel, DateTimeOffset now)
    {
        if (channel is not { OpenFrom: { } from, OpenTo: { } to }) return true;
        var minute = now.ToOffset(TimeSpan.FromHours(8)).TimeOfDay.Ticks / TimeSpan.TicksPerMinute;
        return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
    }
}
