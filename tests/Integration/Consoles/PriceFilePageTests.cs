using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Files;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Prices go out as a file, are changed in a spreadsheet and come in again. The node's own worker for files is left out.</summary>
public sealed class PriceFilePageTests
{
    [Fact]
    public async Task What_was_exported_comes_back_unchanged_and_one_change_is_one_change()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1, replace: services =>
        {
            foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(ExportWork)).ToList()) services.Remove(worker);
        });
        var people = shop.Http.Get<People>();
        await people.CreateAsync("operator", Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync("merchant", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await shop.Http.Get<Merchants>().SaveLevelAsync(new LevelDraft { Rank = "2", NameZh = "一级", NameEn = "First" });
        var (sku, books) = (shop.Sku.Id, shop.Http.Get<PriceBooks>());
        foreach (var (login, list, import, price, other) in new[]
        {
            ("operator", "/console/prices", "/console/prices/import", "46.1550", "46.2550"), ("merchant", "/console/merchant/prices", "/console/merchant/listing/import", "49.5000", "49.6000"),
        })
        {
            using var app = await ConsoleApp.OpenAsync(shop.Http, login);
            var visitor = await Visitor.LoggedInAsync(shop.Http, login);
            var form = await visitor.GetAsync(import);
            form.Html.ShouldContain("Code");
            // Not more are read at once than have place in memory; those below each give theirs back.
            var places = Enumerable.Range(0, UploadGate.Max).Select(_ => shop.Http.Get<UploadGate>().TryEnter()!).ToList();
            var busy = await visitor.PostFileAsync(form, import, "prices.csv", "Code\n"u8.ToArray());
            (busy.Status, busy.Html.Contains("try again in a few seconds")).ShouldBe((HttpStatusCode.ServiceUnavailable, true), busy.Html);
            places.ForEach(p => p.Dispose());
            foreach (var format in new[] { "csv", "xlsx" })
            {
                var (_, file) = await app.AskAsync(HttpMethod.Post, "/console/api/files", new { address = list, table = 0, format });
                while (await shop.Http.Get<ExportSteps>().RunAsync(default)) { }
                using var answer = await app.RawAsync($"/console/files?handler=download&file={file[0].GetProperty("id").GetString()}");
                var content = await answer.Content.ReadAsByteArrayAsync();

                var same = await visitor.PostFileAsync(form, import, "prices", content);
                same.Status.ShouldBe(HttpStatusCode.Redirect, same.Html);
                var preview = await visitor.GetAsync(same.Path);
                (preview.Html.Contains("As it is"), preview.Html.Contains("handler=apply"), preview.Html.Contains(price)).ShouldBe((true, false, true), preview.Html);
                (await visitor.GetAsync(same.Path + "?only=file")).Html.ShouldContain("Every row can be used");
            }

            // One price is changed, and one row is wrong.
            var changed = Encoding.UTF8.GetBytes($"Code,General agent (CNY),Retail price (CNY)\n{shop.Sku.Code},{other},{other}\n<b>x</b>,1,1\n");
            var sent = await visitor.PostFileAsync(form, import, "<script>.csv", changed);
            var page = await visitor.GetAsync(sent.Path);
            (page.Html.Contains("&lt;script&gt;.csv"), page.Html.Contains("<script>.csv"), page.Html.Contains("Price to change"), page.Html.Contains("left out whole")).ShouldBe((true, false, true, true), page.Html);
            var wrong = (await visitor.GetAsync(sent.Path + "?only=file")).Html;
            (wrong.Contains("&lt;b&gt;x&lt;/b&gt;"), wrong.Contains("<b>x</b>"), wrong.Contains("There is no such SKU.")).ShouldBe((true, false, true), wrong);
            (await visitor.PostAsync(page, sent.Path + "?handler=apply")).Status.ShouldBe(HttpStatusCode.Redirect);
            (await visitor.GetAsync(sent.Path)).Html.ShouldContain("Price changed");

            // Where nothing can be used, the page begins with why.
            var useless = await visitor.PostFileAsync(form, import, "useless.csv", Encoding.UTF8.GetBytes("Code,General agent,Retail price\nnowhere,1,1\n"));
            (await visitor.GetAsync(useless.Path)).Html.ShouldContain("nowhere");

            // No file, another kind of file, and one without anything.
            var none = await visitor.PostAsync(form, import);
            (none.Status, none.Html.Contains("Choose a file")).ShouldBe((HttpStatusCode.UnprocessableEntity, true), none.Html);
            var old = await visitor.PostFileAsync(form, import, "old.csv", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
            (await visitor.GetAsync(old.Path)).Html.ShouldContain("This is an old Excel file (.xls). Save it as XLSX.");
            var empty = await visitor.PostFileAsync(form, import, "none.csv", []);
            (empty.Status, empty.Html.Contains("This file is empty")).ShouldBe((HttpStatusCode.UnprocessableEntity, true), empty.Html);
        }

        (await books.RefreshAsync()).LevelPrice(sku, 1).ShouldBe(Money.Parse("46.2550"));
        books.Current.Retail(shop.Merchant, sku).ShouldBe(Money.Parse("49.60"));
        (await shop.CountAsync("select count(*) from audit where action = 'prices.file'")).ShouldBe(1);
    }
}
