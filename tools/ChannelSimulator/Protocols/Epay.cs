using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>What sites of both versions have in common, by the sites' own documentation and example programs.</summary>
internal static class Epay
{
    /// <summary>Names and values of a call, of its address and of its form.</summary>
    public static async Task<Dictionary<string, string>> FieldsAsync(HttpContext http)
    {
        var fields = http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        if (!http.Request.HasFormContentType) return fields;
        foreach (var (name, value) in await http.Request.ReadFormAsync()) fields[name] = value.ToString();
        return fields;
    }

    public static string SignText(IReadOnlyDictionary<string, string> fields, Func<string, string>? encode = null)
    {
        var names = fields.Keys.Where(n => n != "sign" && n != "sign_type" && fields[n] != "").ToArray();
        Array.Sort(names, string.CompareOrdinal);
        return string.Join("&", names.Select(n => n + "=" + (encode is null ? fields[n] : encode(fields[n]))));
    }

    public static string Md5(string text)
    {
#pragma warning disable CA5351 // The protocol's.
        return Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
#pragma warning restore CA5351
    }

    public static string Query(IReadOnlyDictionary<string, string> fields) =>
        string.Join("&", fields.Select(f => WebUtility.UrlEncode(f.Key) + "=" + WebUtility.UrlEncode(f.Value)));

    /// <returns>Null: what was sent is no order.</returns>
    public static Trade? Order(Trades trades, string protocol, IReadOnlyDictionary<string, string> fields, string method)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var fen = Wire.Fen(Field("money"));
        if (fen <= 0 || Field("out_trade_no") == "" || Field("name") == "" || Field("name").Length > 127 || Field("type") is not ("alipay" or "wxpay" or "qqpay" or "bank")) return null;
        if (!Uri.TryCreate(Field("notify_url"), UriKind.Absolute, out _) || !Uri.TryCreate(Field("return_url"), UriKind.Absolute, out _)) return null;
        var now = Trades.Now;
        var trade = trades.Add(new Trade
        {
            Protocol = protocol, Merchant = Field("pid"), OutNo = Field("out_trade_no"), TradeNo = $"{now.ToOffset(Wire.China):yyyyMMddHHmmss}{trades.NextNo(5)}", Method = method, Fen = fen,
            Subject = Field("name"), NotifyUrl = Field("notify_url"), ReturnUrl = Field("return_url"), CreatedAt = now, ExpiresAt = now.AddDays(1),
            Notes = new Dictionary<string, string> { ["type"] = Field("type"), ["clientip"] = Field("clientip") },
        });
        Interlocked.Increment(ref trade.Creates);
        return trade.Fen == fen ? trade : null;
    }

    /// <summary>By the site's number where it is told, otherwise by the merchant's.</summary>
    public static Trade? Find(Trades trades, string protocol, string merchant, IReadOnlyDictionary<string, string> fields) =>
        fields.GetValueOrDefault("trade_no", "") is { Length: > 0 } no
            ? trades.Find(no) is { } own && own.Protocol == protocol && own.Merchant == merchant ? own : null : trades.Find(protocol, merchant, fields.GetValueOrDefault("out_trade_no", ""));

    public static JsonObject Row(Trade trade)
    {
        var now = Trades.Now;
        var isBack = trade.Status == TradeStatus.Paid && trade.RefundedFen(now) == trade.Fen;
        return new JsonObject
        {
            ["trade_no"] = trade.TradeNo, ["out_trade_no"] = trade.OutNo, ["type"] = trade.Notes["type"], ["pid"] = int.Parse(trade.Merchant, CultureInfo.InvariantCulture),
            ["addtime"] = Wire.ChinaText(trade.CreatedAt), ["endtime"] = trade.PaidAt is { } at ? Wire.ChinaText(at) : null, ["name"] = trade.Subject, ["money"] = Wire.Yuan(trade.Fen),
            ["status"] = trade.Status != TradeStatus.Paid ? 0 : isBack ? 2 : 1, ["param"] = "", ["buyer"] = "",
        };
    }

    public static JsonArray Rows(Trades trades, string protocol, string merchant, int skip, int count)
    {
        var does = trades.Behaviour(protocol, merchant);
        var rows = trades.All.Where(t => t.Protocol == protocol && t.Merchant == merchant).OrderByDescending(t => t.TradeNo, StringComparer.Ordinal).Skip(does.StatementMissing).Skip(skip).Take(count).Select(Row).ToArray();
        foreach (var row in rows.Take(does.StatementFenOff)) row["money"] = Wire.Yuan(Wire.Fen(row["money"]!.GetValue<string>()) + 1);
        return new JsonArray(rows);
    }

    public static Dictionary<string, string> NoticeFields(Telling telling) => new()
    {
        ["pid"] = telling.Merchant, ["trade_no"] = telling.Trade.TradeNo, ["out_trade_no"] = telling.Trade.OutNo, ["type"] = telling.Trade.Notes["type"],
        ["name"] = telling.Trade.Subject, ["money"] = Wire.Yuan(telling.Fen), ["trade_status"] = "TRADE_SUCCESS", ["param"] = "",
    };
}
