using System.Text.Json;
using Lianka.Modules.Payments.Channels.Epay.Core;
using Lianka.Modules.Payments.Channels.Wire;

namespace Lianka.Modules.Payments.Channels.Epay;

/// <summary>A day's statement out of a site's list of orders, which begins with the newest.</summary>
internal static class EpayOrderList
{
    public const int PageRows = 50;

    private const int PagesMax = 400;

    /// <summary>An order is paid within this time of being made: older ones cannot belong to the day.</summary>
    private static readonly TimeSpan _payTime = TimeSpan.FromDays(1);

    /// <param name="page">Asks for one page, from 0.</param>
    /// <exception cref="ChannelException">The day is not over, or there are more pages than anybody reads.</exception>
    public static async Task<IReadOnlyList<StatementLine>> ReadAsync(DateOnly day, DateTimeOffset now, Func<int, Task<IReadOnlyList<JsonElement>>> page)
    {
        var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), FenText.China);
        if (now < start.AddDays(1)) throw new ChannelException($"The {day:yyyy-MM-dd} is not over.");
        // New orders push the others to later pages while we read, so one may be seen twice.
        var lines = new Dictionary<string, StatementLine>(StringComparer.Ordinal);
        for (var number = 0; number < PagesMax; number++)
        {
            var rows = await page(number);
            foreach (var line in rows.Select(r => EpayTrades.ReadLine(r, day)).OfType<StatementLine>()) lines[line.TradeNo] = line;
            var isEnd = rows.Count < PageRows
                || rows.All(r => FenText.ReadTime(r.Text("addtime"), EpayTrades.TimeForm) is { } made && made < start - _payTime);
            if (isEnd) return [.. lines.Values.OrderBy(l => l.At).ThenBy(l => l.TradeNo, StringComparer.Ordinal)];
        }

        throw new ChannelException($"The list of orders goes on after {PagesMax} pages.");
    }
}
