using System.Text.Json;
using Lianka.Kernel;

namespace Lianka.Bench.Crash;

/// <summary>One client of the API: new orders, repeats of old ones, other content under an old number, looks, cancels.</summary>
internal sealed class Buyer(int number, CrashMarket market, Calls calls, Journal journal, Importer importer, CrashPlan plan)
{
    private readonly Random _random = new(HashCode.Combine(plan.Seed, number));
    private readonly List<OrderRecord> _records = Register(journal);
    private int _count;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync();
            // Enough orders: what goes on is for the faults' sake.
            if (journal.OrdersDone > plan.Orders) await Task.Delay(_random.Next(100), CancellationToken.None);
        }
    }

    private static List<OrderRecord> Register(Journal journal)
    {
        var records = new List<OrderRecord>();
        journal.Orders.Add(records);
        return records;
    }

    private Task StepAsync() => _random.Next(100) switch
    {
        < 84 => NewAsync(),
        < 91 when _records.Count > 0 => RepeatAsync(Any()),
        < 94 when _records.Count > 0 => OtherContentAsync(Any()),
        < 96 when _records.Count > 0 => RevealAsync(Any()),
        < 98 when _records.Count > 0 => CancelAsync(Any()),
        _ when _records.Count > 0 => LookAsync(Any()),
        _ => NewAsync(),
    };

    // Mostly a fresh one, where a late effect of a crash would show; sometimes any.
    private OrderRecord Any() => _records[_random.Next(4) > 0 ? Math.Max(0, _records.Count - 1 - _random.Next(8)) : _random.Next(_records.Count)];

    private async Task NewAsync()
    {
        var merchant = _random.Next(25) == 0 ? CrashMarket.Poor : _random.Next(market.Merchants.Count);
        var quantity = _random.Next(20) switch { 0 => 2 + _random.Next(12), 1 => 101, 2 or 3 => 2, _ => 1 };
        var record = new OrderRecord
        {
            Merchant = merchant,
            Key = $"b{number}-{++_count}",
            Sku = _random.Next(60) == 0 ? CrashMarket.Scarce : _random.Next(CrashMarket.Skus - 1),
            Quantity = quantity,
            // Now and then less than the price: refused, and the number stays unused.
            MaxTotal = _random.Next(50) == 0 ? "1.0000" : "100000.0000",
            Reveal = _random.Next(5) == 0,
        };
        var (told, wasUnknown) = await AskAsync("order", record, Body(record, record.Quantity));
        record.WasUnknown = wasUnknown;
        if (wasUnknown) journal.Resolved(told.Status < 300);
        else if (told.IsReplay) journal.Violation($"{record.Key}: the first answer to a new number was a replay");
        Take(record, told);
        lock (_records) _records.Add(record);
    }

    private async Task RepeatAsync(OrderRecord record)
    {
        var wasDone = record.IsDone;
        var (told, wasUnknown) = await AskAsync("repeat", record, Body(record, record.Quantity));
        if (wasDone && (told.Status != 200 || !told.IsReplay)) journal.Violation($"{record.Key}: acknowledged, but its repetition was answered {told.Status}");
        if (!wasDone && wasUnknown && told.Status < 300) journal.Resolved(true);
        // What was refused for want of money or stock may be accepted today: then it is an order.
        Take(record, told);
    }

    private async Task OtherContentAsync(OrderRecord record)
    {
        if (!record.IsDone) return;
        var (told, _) = await AskAsync("other content", record, Body(record, record.Quantity + 1));
        if (told.Status != 422) journal.Violation($"{record.Key}: other content under its number was answered {told.Status}");
    }

    private async Task RevealAsync(OrderRecord record)
    {
        if (!record.IsDone) return;
        var (told, _) = await calls.AskAsync("reveal", Merchant(record), "POST", $"/api/v1/orders/{new OrderId(record.Id)}/reveal", null, _random.Next(8));
        if (told.Status == 200) Cards(record, JsonDocument.Parse(told.Body).RootElement);
        else if (record.RefundedUnits == 0 && !record.IsBeingRefunded) journal.Violation($"{record.Key}: its cards could not be seen: {told.Status}");
    }

    private async Task CancelAsync(OrderRecord record)
    {
        if (!record.IsDone) return;
        var (told, _) = await calls.AskAsync("cancel", Merchant(record), "POST", $"/api/v1/orders/{new OrderId(record.Id)}/cancel", null, _random.Next(8));
        if (told.Status != 409) journal.Violation($"{record.Key}: delivered, but its cancelling was answered {told.Status}");
    }

    private async Task LookAsync(OrderRecord record)
    {
        var (told, _) = await calls.AskAsync("look", Merchant(record), "GET", $"/api/v1/orders?client_order_no={record.Key}", null, _random.Next(8));
        var found = JsonDocument.Parse(told.Body).RootElement.GetProperty("data").GetArrayLength();
        if (found != (record.IsDone ? 1 : 0)) journal.Violation($"{record.Key}: {(record.IsDone ? "acknowledged" : "refused")}, but {found} found");
    }

    private Task<(Told Told, bool WasUnknown)> AskAsync(string kind, OrderRecord record, byte[] body) =>
        calls.AskAsync(kind, Merchant(record), "POST", "/api/v1/orders", body, _random.Next(8));

    private CrashMerchant Merchant(OrderRecord record) => market.Merchants[record.Merchant];

    private static byte[] Body(OrderRecord record, long quantity)
    {
        var reveal = record.Reveal ? ",\"reveal\":true" : "";
        return System.Text.Encoding.UTF8.GetBytes(
            $"{{\"client_order_no\":\"{record.Key}\",\"sku\":\"{CrashMarket.Sku(record.Sku)}\",\"quantity\":{quantity},\"max_total\":\"{record.MaxTotal}\"{reveal}}}");
    }

    private void Take(OrderRecord record, Told told)
    {
        if (told.Status is not (200 or 201))
        {
            if (told.Status is not (402 or 409 or 422)) journal.Violation($"{record.Key}: answered {told.Status} {System.Text.Encoding.UTF8.GetString(told.Body)}");
            return;
        }

        var order = JsonDocument.Parse(told.Body).RootElement;
        var id = OrderId.TryParse(order.GetProperty("order_no").GetString(), out var parsed) ? parsed.Value : 0;
        var total = Money.Parse(order.GetProperty("total").GetString()!).Units;
        if (record.IsDone && (record.Id != id || record.Total != total)) journal.Violation($"{record.Key}: one number, two orders");
        if (order.GetProperty("quantity").GetInt64() != record.Quantity) journal.Violation($"{record.Key}: another quantity than asked");
        if (!record.IsDone) importer.Sold(record.Sku, record.Quantity);
        lock (_records) (record.Id, record.Total, record.IsDone) = (id, total, true);
        if (order.TryGetProperty("cards", out _)) Cards(record, order);
        else if (record.Reveal && record.RefundedUnits == 0 && !record.IsBeingRefunded) journal.Violation($"{record.Key}: no cards in the answer");
    }

    private void Cards(OrderRecord record, JsonElement answer)
    {
        int[] cards = [.. answer.GetProperty("cards").EnumerateArray().Select(c => CrashMarket.CardOf(c.GetProperty("secret").GetString()!)).Order()];
        if (cards.Contains(-1)) journal.Violation($"{record.Key}: a secret that nobody imported");
        if (record.Cards is { } before && !before.SequenceEqual(cards)) journal.Violation($"{record.Key}: other cards than at the first look");
        record.Cards = cards;
    }
}
