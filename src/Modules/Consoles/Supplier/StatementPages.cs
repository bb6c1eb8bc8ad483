using System.Globalization;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>The statement of a day or a month, to read, print and download.</summary>
[Needs(SupplierPermissions.MoneySee)]
internal sealed class StatementPage(SupplierStatements statements) : ConsolePage
{
    private const int RowsShown = 1_000;

    public SupplierStatement? Statement { get; private set; }
    public string Month { get; private set; } = "";
    public string Day { get; private set; } = "";

    private async Task LoadAsync()
    {
        DateOnly first, last;
        if (DateOnly.TryParseExact(Request.Query["day"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9999)
        {
            (first, last) = (day, day);
            Day = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        else
        {
            var today = ChinaDay.Of(Now);
            first = DateOnly.TryParseExact(Request.Query["month"] + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is > 1970 and < 9999
                ? month : new DateOnly(today.Year, today.Month, 1);
            last = first.AddMonths(1).AddDays(-1);
            Month = first.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        }

        Statement = await statements.OfAsync(Supplier, first, last);
    }

    private string FileName => $"statement-{(Day.Length > 0 ? Day : Month)}";

    public async Task OnGetAsync()
    {
        await LoadAsync();
        Title = T("对账单", "Statement") + " " + (Day.Length > 0 ? Day : Month);
        Up = ("/console/supplier/money", T("货款与流水", "Money and entries"));
        if (Statement is null) return;
        Actions.Add((With(("handler", "xlsx")), T("下载 XLSX", "Download XLSX")));
        Actions.Add((With(("handler", "csv")), T("下载 CSV", "Download CSV")));
        Table = Parts.Table.Of(Statement.Lines.Take(RowsShown), Title)
            .Column(T("时间", "When"), l => Show.Exact(l.At))
            .Column(T("用途", "For"), l => new Cell(StatementFile.Kind(l.Kind, Language), Sub: l.Reason))
            .Column(T("订单", "Order"), l => l.Order is { } o ? new Cell(o.ToString(), IsMono: true) : new Cell("—"))
            .Flow(T("金额", "Amount"), l => Cell.Flow(l.Amount, T("收入", "in"), T("支出", "out")))
            .Build();
        Table.Empty = new EmptyState(T("这段时间没有流水", "Nothing moved in this time"), T("换一个月或一天看看。", "Look at another month or day."), Icon: "finance");
    }

    public async Task<IActionResult> OnGetCsvAsync()
    {
        await LoadAsync();
        return Statement is null ? NotFound() : File(StatementFile.Csv(Statement, Language), "text/csv; charset=utf-8", $"{FileName}.csv");
    }

    public async Task<IActionResult> OnGetXlsxAsync()
    {
        await LoadAsync();
        return Statement is null ? NotFound()
            : File(await StatementFile.XlsxAsync(Statement, Language, HttpContext.RequestAborted), Files.XlsxWriter.MediaType, $"{FileName}.xlsx");
    }
}
