using System.Globalization;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>GET /supplier/money and GET /supplier/statements/{period}: the sums of the console's pages, which are the ledger's.</summary>
internal sealed class ReadMoney(SupplierStatements statements, TimeProvider clock)
{
    public async Task NowAsync(ApiCall call) =>
        await JsonAnswer.OkAsync(call.Http, await statements.MoneyAsync(call.Supplier, ChinaDay.Of(clock.GetUtcNow())), static (json, money) =>
        {
            json.WriteStartObject();
            json.WriteString("currency"u8, Currency.Cny.Code);
            json.WriteString("available"u8, money.Payable.Available.ToString());
            json.WriteStartObject("available_by_age"u8);
            json.WriteString("days_0_7"u8, money.Payable.Days7.ToString());
            json.WriteString("days_8_30"u8, money.Payable.Days30.ToString());
            json.WriteString("older"u8, money.Payable.Older.ToString());
            json.WriteEndObject();
            json.WriteString("in_escrow"u8, money.InEscrow.ToString());
            json.WriteStartArray("releases"u8);
            foreach (var day in money.Releases)
            {
                json.WriteStartObject();
                json.WriteDay("day"u8, day.Day);
                json.WriteNumber("orders"u8, day.Orders);
                json.WriteString("amount"u8, day.Amount.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("in_transit"u8, money.Payable.InTransit.ToString());
            json.WriteString("paid"u8, money.Payable.Paid.ToString());
            json.WriteString("debt"u8, money.Debt.ToString());
            json.WriteEndObject();
        });

    public async Task StatementAsync(ApiCall call)
    {
        if (PeriodOf(call.RouteText("period") ?? "") is not var (first, last)) await ProblemBook.WriteAsync(call.Http, "not_found");
        else if (await statements.OfAsync(call.Supplier, first, last) is not { } statement) await ProblemBook.WriteAsync(call.Http, "statement_too_large");
        else await JsonAnswer.OkAsync(call.Http, statement, Write);
    }

    /// <summary>A day (2026-01-31) or a month (2026-01) of China; null: neither.</summary>
    private static (DateOnly First, DateOnly Last)? PeriodOf(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsThere(day)) return (day, day);
        return DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && IsThere(month)
            ? (month, month.AddMonths(1).AddDays(-1)) : null;

        // The ends of the calendar have no day before or after them.
        static bool IsThere(DateOnly day) => day.Year is > 1970 and < 9999;
    }

    private static void Write(Utf8JsonWriter json, SupplierStatement statement)
    {
        json.WriteStartObject();
        json.WriteDay("first_day"u8, statement.First);
        json.WriteDay("last_day"u8, statement.Last);
        json.WriteString("currency"u8, Currency.Cny.Code);
        json.WriteString("opening"u8, statement.Opening.ToString());
        json.WriteString("in"u8, statement.In.ToString());
        json.WriteString("out"u8, statement.Out.ToString());
        json.WriteString("closing"u8, statement.Closing.ToString());
        json.WriteStartArray("lines"u8);
        foreach (var line in statement.Lines)
        {
            json.WriteStartObject();
            json.WriteMoment("at"u8, line.At);
            json.WriteString("kind"u8, line.Kind);
            json.WriteString("amount"u8, line.Amount.ToString());
            json.WriteString("order_no"u8, line.Order?.ToString());
            json.WriteString("reason"u8, line.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
