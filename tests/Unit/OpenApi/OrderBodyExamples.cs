using System.Text;
using Lianka.Kernel;
using Lianka.Modules.OpenApi.Core;

namespace Lianka.Tests.Unit.OpenApi;

public sealed class OrderBodyExamples
{
    private const string Good = """{"client_order_no":"A-001","sku":"steam-50","quantity":1,"max_total":"50.0000"}""";

    [Fact]
    public void The_published_body_is_read()
    {
        var (body, problems) = Read(Good);
        problems.ShouldBeEmpty();
        body.ShouldBe(new OrderBody("A-001", "steam-50", 1, Money.Parse("50"), null, null, false));
    }

    [Fact]
    public void All_fields_are_read()
    {
        var (body, _) = Read("""
             { "reveal" : true, "fields": {"zone":"华东","account":"13800138000"}, "callback_url":"https://erp.example/cb?x=1",
               "client_order_no":"单号-1", "sku":"qq-10", "quantity": 10000, "max_total":"0.001", "note":{"deep":[1,2,{"a":null}]} }
            """);
        body.ShouldBe(new OrderBody("单号-1", "qq-10", 10_000, Money.Parse("0.001"),
            """{"account":"13800138000","zone":"华东"}""", "https://erp.example/cb?x=1", true));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("10001", 10_001)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", long.MaxValue)]
    [InlineData("-99999999999999999999999", long.MinValue)]
    public void A_whole_number_has_the_right_shape_whatever_its_range(string quantity, long read) =>
        Read(With("quantity", quantity)).Body!.Quantity.ShouldBe(read);

    [Theory]
    [InlineData("\"1\"", "not_integer")]
    [InlineData("1.5", "not_integer")]
    [InlineData("1.0", "not_integer")]
    [InlineData("1e3", "not_integer")]
    [InlineData("1E0", "not_integer")]
    [InlineData("\"1e3\"", "not_integer")]
    [InlineData("\"4950abc\"", "not_integer")]
    [InlineData("true", "not_integer")]
    [InlineData("[1]", "not_integer")]
    [InlineData("{}", "not_integer")]
    [InlineData("null", "required")]
    public void F22_A_quantity_of_another_type_is_refused(string quantity, string code) =>
        Read(With("quantity", quantity)).Problems.ShouldBe([new FieldProblem("/quantity", code)]);

    [Theory]
    [InlineData("\"0\"", "not_positive")]
    [InlineData("\"-1\"", "not_positive")]
    [InlineData("\"-0\"", "not_positive")]
    [InlineData("\"1e3\"", "not_amount")]
    [InlineData("\"９\"", "not_amount")]
    [InlineData("\"9223372036854775808\"", "not_amount")]
    [InlineData("\"0.00001\"", "not_amount")]
    [InlineData("\"\"", "not_amount")]
    [InlineData("\" 1\"", "not_amount")]
    [InlineData("\"+1\"", "not_amount")]
    [InlineData("\"1,000\"", "not_amount")]
    [InlineData("\".5\"", "not_amount")]
    [InlineData("\"5.\"", "not_amount")]
    [InlineData("\"NaN\"", "not_amount")]
    [InlineData("50.0", "not_text")]
    [InlineData("null", "required")]
    public void F22_An_amount_that_is_none_is_refused(string amount, string code) =>
        Read(With("max_total", amount)).Problems.ShouldBe([new FieldProblem("/max_total", code)]);

    [Theory]
    [InlineData("\"\"", "length")]
    [InlineData("1", "not_text")]
    [InlineData("null", "required")]
    [InlineData("\"a\\u0000b\"", "characters")]
    [InlineData("\"a\\nb\"", "characters")]
    [InlineData("\"a\\ud800b\"", "characters")]
    public void A_number_that_cannot_be_kept_is_refused(string number, string code) =>
        Read(With("client_order_no", number)).Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            p => p.Pointer.ShouldBe("/client_order_no"), p => p.Code.ShouldBe(code));

    [Fact]
    public void A_number_has_at_most_64_characters_however_many_bytes_they_take()
    {
        Read(With("client_order_no", $"\"{new string('单', 64)}\"")).Problems.ShouldBeEmpty();
        Read(With("client_order_no", $"\"{string.Concat(Enumerable.Repeat("😀", 64))}\"")).Problems.ShouldBeEmpty();
        Read(With("client_order_no", $"\"{new string('x', 65)}\"")).Problems.ShouldHaveSingleItem().Code.ShouldBe("length");
    }

    [Fact]
    public void A_number_is_taken_exactly_as_it_is() =>
        Read(With("client_order_no", "\" A \"")).Body!.ClientOrderNo.ShouldBe(" A ");

    [Theory]
    [InlineData("\"javascript:alert(1)\"")]
    [InlineData("\"/relative\"")]
    [InlineData("\"ftp://x.example/\"")]
    [InlineData("\"https://user:secret@x.example/\"")]
    [InlineData("\"https://\"")]
    [InlineData("\"https://x.example/ y\"")]
    public void A_callback_that_is_no_web_address_is_refused(string url) =>
        Read(With("callback_url", url)).Problems.ShouldBe([new FieldProblem("/callback_url", "not_url", "500")]);

    [Theory]
    [InlineData("{\"a\":1}", "/fields/a", "not_text")]
    [InlineData("{\"a/b\":{\"c\":\"d\"},\"e\":\"f\"}", "/fields/a~1b", "not_text")]
    [InlineData("{\"a\":\"1\",\"a\":\"2\"}", "/fields/a", "duplicate")]
    [InlineData("{\"a\":null}", "/fields/a", "not_text")]
    [InlineData("[]", "/fields", "not_object")]
    [InlineData("\"x\"", "/fields", "not_object")]
    [InlineData("{\"\":\"x\"}", "/fields", "length")]
    public void Fields_are_an_object_of_strings(string fields, string pointer, string code)
    {
        var problem = Read(With("fields", fields)).Problems.ShouldHaveSingleItem();
        (problem.Pointer, problem.Code).ShouldBe((pointer, code));
    }

    [Fact]
    public void Fields_in_another_order_or_escaped_otherwise_are_the_same_content()
    {
        var a = Read(With("fields", """{"b":"2","a":"\u4e2d\"\\"}""")).Body!.Fields;
        Read(With("fields", """{ "\u0061" : "中\"\\", "b":"2" }""")).Body!.Fields.ShouldBe(a);
        Read(With("fields", "{}")).Body!.Fields.ShouldBeNull();
        Read(With("fields", "null")).Body!.Fields.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData(Good + "x")]
    [InlineData(Good + "{}")]
    [InlineData("{'sku':1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/*c*/}")]
    [InlineData("{\"a\":[[[[[[[[[1]]]]]]]]]}")]
    [InlineData("{\"a\\ud800\":1}")]
    public void What_is_not_one_json_object_is_refused(string text) =>
        Read(text).Problems.ShouldHaveSingleItem().Code.ShouldBe("not_json");

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    public void Json_that_is_no_object_is_refused(string text) => Read(text).Problems.ShouldHaveSingleItem().Code.ShouldBe("not_object");

    [Fact]
    public void A_name_that_stands_twice_is_refused()
    {
        Read(Good[..^1] + ",\"quantity\":2}").Problems.ShouldBe([new FieldProblem("/quantity", "duplicate")]);
        Read(Good[..^1] + ",\"\\u0071uantity\":2}").Problems.ShouldBe([new FieldProblem("/quantity", "duplicate")]);
        Read(Good[..^1] + ",\"x\":2,\"x\":3}").Problems.ShouldBe([new FieldProblem("/x", "duplicate")]);
    }

    [Fact]
    public void Other_encodings_are_refused()
    {
        OrderBody.Read(Encoding.Latin1.GetBytes(Good.Replace("A-001", "é", StringComparison.Ordinal))).Problems.ShouldBe([new FieldProblem("", "not_utf8")]);
        OrderBody.Read((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)]).Problems.ShouldBe([new FieldProblem("", "byte_order_mark")]);
        OrderBody.Read(Encoding.Unicode.GetBytes(Good)).Problems.ShouldHaveSingleItem();
        OrderBody.Read(Encoding.GetEncoding("iso-8859-1").GetBytes("{\"sku\":\"ü\"}")).Problems.ShouldBe([new FieldProblem("", "not_utf8")]);
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        Read("{}").Problems.Select(p => p.Pointer).ShouldBe(["/client_order_no", "/sku", "/quantity", "/max_total"]);

    [Fact]
    public void Every_problem_has_a_text_in_both_languages()
    {
        foreach (var code in FieldProblemTexts.Codes)
        {
            FieldProblemTexts.Text(new FieldProblem("", code, "7"), isChinese: false).ShouldNotContain("{0}");
            FieldProblemTexts.Text(new FieldProblem("", code, "7"), isChinese: true).ShouldContain(c => c > 0x3000);
        }
    }

    private static (OrderBody? Body, IReadOnlyList<FieldProblem> Problems) Read(string text) => OrderBody.Read(Encoding.UTF8.GetBytes(text));

    private static string With(string name, string value)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_order_no"] = "\"A-001\"", ["sku"] = "\"steam-50\"", ["quantity"] = "1", ["max_total"] = "\"50.0000\"",
            [name] = value,
        };
        return $"{{{string.Join(',', fields.Select(f => $"\"{f.Key}\":{f.Value}"))}}}";
    }
}
