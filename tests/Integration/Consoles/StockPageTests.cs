using System.Net;
using System.Text.RegularExpressions;
using Lianka.Modules.Consoles;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Bringing cards in and seeing how long they last, as a browser does it.</summary>
public sealed class StockPageTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_spreadsheet_is_uploaded_and_the_result_of_each_row_comes_back(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        await shop.Http.Get<People>().CreateAsync("huanyu", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Huanyu");
        var supplier = await Visitor.LoggedInAsync(shop.Http, "huanyu");
        var form = await supplier.GetAsync("/console/supplier/imports/new");
        var file = new Workbook(Workbook.Row("卡号", "卡密") + Workbook.Row("N1", "SECRET-ONE") + Workbook.Row("N1", "SECRET-ONE")
            + "<row><c t=\"inlineStr\"><is><t>N2</t></is></c><c><v>1234567890123450000</v></c></row>").Build().ToArray();
        var sent = await supplier.PostFileAsync(form, "/console/supplier/imports/new", "cards.xlsx", file,
            ("supply", shop.Supply.Id.ToString()), ("pasted", ""), ("format", "Auto"), ("encoding", "Utf8"), ("kind", "Told"), ("expires_at", ""), ("note", ""));
        sent.Status.ShouldBe(HttpStatusCode.Redirect, sent.Html);
        Page page;
        while ((page = await supplier.GetAsync(sent.Path)).Html.Contains("Reading and looking for duplicates</h2>", StringComparison.Ordinal)) await Task.Delay(20);
        page.Html.ShouldContain("handler=results");
        page.Html.ShouldNotContain("SECRET");

        var results = await supplier.GetAsync($"{sent.Path}?handler=results");
        results.Status.ShouldBe(HttpStatusCode.OK);
        results.Html.TrimStart('\uFEFF').ShouldBe("""
            row,result,reason,card number in the lot
            2,imported,,1
            3,duplicate_in_file,"The same card stands in row 2 of this file.",
            4,malformed,"A number of more than 15 digits, of which a spreadsheet keeps 15; set the column to text and enter it anew.",

            """.ReplaceLineEndings("\r\n"));

        // Another supplier does not see it; a file of another kind says what it is.
        var old = await supplier.PostFileAsync(form, "/console/supplier/imports/new", "cards.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0],
            ("supply", shop.Supply.Id.ToString()), ("pasted", ""), ("format", "Auto"), ("encoding", "Utf8"), ("kind", "Told"), ("expires_at", ""), ("note", ""));
        while ((page = await supplier.GetAsync(old.Path)).Html.Contains("Reading and looking for duplicates</h2>", StringComparison.Ordinal)) await Task.Delay(20);
        page.Html.ShouldContain("This is an old Excel file (.xls). Save it as XLSX.");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_buyer_sees_a_barcode_as_bars_and_a_picture_as_a_picture(DatabaseKind kind)
    {
        const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        var csv = $"kind,secret\nbarcode,4006381333931\nimage,\"{Png}\"\n";
        await shop.Http.Get<ImportDesk>().RunAsync(
            new ImportRequest(shop.Supply.Id, CardFormat.Csv, CardEncoding.Utf8, "c", "test"), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)));
        var buyer = shop.NewGuest();
        var html = (await buyer.PressAsync(await buyer.OpenCashierAsync(await buyer.BuyAsync(await buyer.ProductAsync(), "2")))).Html;
        html.ShouldContain("class=\"barcode\"");
        WebUtility.HtmlDecode(html).ShouldContain($"src=\"{Png}\"");
        Regex.Replace(html, "<[^>]+>", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).ShouldContain("4006381333931");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Stock_that_ran_out_stands_on_the_home_page_and_limits_are_set_by_their_owner(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 5);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("huanyu", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Huanyu");
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var (supplier, boss) = (await Visitor.LoggedInAsync(shop.Http, "huanyu"), await Visitor.LoggedInAsync(shop.Http, "zhou"));
        (await boss.GetAsync("/console/home")).Html.ShouldNotContain("run low");
        var form = await supplier.GetAsync("/console/supplier/stock-alerts");
        (await supplier.PostAsync(form, "/console/supplier/stock-alerts", ("supply", shop.Supply.Id.ToString()), ("days", "2"), ("units", "6")))
            .Status.ShouldBe(HttpStatusCode.Redirect);
        foreach (var foreign in new[] { new SupplierId(1).ToString(), new SupplyId(1).ToString(), "x" })
            (await supplier.PostAsync(form, "/console/supplier/stock-alerts", ("supply", foreign), ("days", "2"), ("units", "6"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, foreign);

        await shop.Database.WriteAsync(s => s.ExecuteAsync("update stock_watch set at = 0"));
        (await shop.Http.Get<StockWatch>().LookAsync()).ShouldBe(1);
        (await boss.GetAsync("/console/home")).Html.ShouldContain("supplies run low");
        foreach (var (visitor, path) in new[] { (boss, "/console/stock-alerts"), (supplier, "/console/supplier/stock-alerts") })
        {
            var page = await visitor.GetAsync(path);
            page.Html.ShouldContain("Only 5 left");
            page.Html.ShouldContain("below 2 days or 6 units");
        }

        (await supplier.GetAsync("/console/supplier/stock")).Html.ShouldContain("Lasts");
        (await boss.GetAsync("/console/supplies")).Html.ShouldContain("Lasts");
    }
}
