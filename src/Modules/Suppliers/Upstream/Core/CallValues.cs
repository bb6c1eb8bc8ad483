using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>What a request may be filled with.</summary>
/// <param name="order">Null for calls about the account, such as the balance.</param>
internal sealed class CallValues(UpstreamOrder? order, IReadOnlyDictionary<string, string> secrets, DateTimeOffset now, string nonce, string noticeUrl) : Values
{
    private static readonly TimeSpan _china = TimeSpan.FromHours(8);

    /// <summary>Holes of every request.</summary>
    public static readonly IReadOnlySet<string> Account = new HashSet<string>
    {
        "timestamp_s", "timestamp_ms", "time", "time_compact", "nonce", "notice_url", "secret:", "sign",
    };

    /// <summary>Holes of a request about an order.</summary>
    public static readonly IReadOnlySet<string> Order = new HashSet<string>(Account)
    {
        "own_no", "upstream_no", "goods", "count", "field:", "cap", "cap_2", "cap_unit", "cap_unit_2", "cap_fen",
    };

    private static readonly string[] _signed = ["raw_body", "md5_body", "sorted_json", "sorted_pairs", "sorted_chars", "method", "path", "path_query"];

    public static readonly IReadOnlySet<string> AccountSign = new HashSet<string>([.. Account.Except(["sign"]), .. _signed]);
    public static readonly IReadOnlySet<string> OrderSign = new HashSet<string>([.. Order.Except(["sign"]), .. _signed]);

    public UpstreamOrder? OrderTold => order;

    /// <summary>Null until the rest of the request stands.</summary>
    public string? Sign { get; set; }

    /// <summary>The request without its signature, for the text that is signed.</summary>
    public Unsigned Request { get; set; } = new("", "", "", "", []);

    public sealed record Unsigned(string Method, string Path, string PathAndQuery, string Body, JsonObject Fields);

    protected override string? Find(Hole hole) => hole.Name switch
    {
        "timestamp_s" => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        "timestamp_ms" => now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        "time" => now.ToOffset(_china).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        "time_compact" => now.ToOffset(_china).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
        "nonce" => nonce,
        "notice_url" => noticeUrl,
        "secret" => secrets.GetValueOrDefault(hole.Key!),
        "sign" => Sign,
        "raw_body" or "md5_body" or "sorted_json" or "sorted_pairs" or "sorted_chars" => OfBody(hole.Name, Request.Body, Request.Fields),
        "method" => Request.Method,
        "path" => Request.Path,
        "path_query" => Request.PathAndQuery,
        _ => order is null ? null : OfOrder(order, hole),
    };

    /// <summary>The ways a body goes into a signed text, alike for requests and notices.</summary>
    public static string OfBody(string name, string body, JsonObject fields) => name switch
    {
        "sorted_json" => WireJson.Sorted(fields),
        "sorted_pairs" => WireJson.Pairs(fields),
        "sorted_chars" => WireJson.SortedCharacters(WireJson.Write(fields)),
#pragma warning disable CA5351 // As SignRule.
        "md5_body" => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body))),
#pragma warning restore CA5351
        _ => body,
    };

    private static string? OfOrder(UpstreamOrder order, Hole hole) => hole.Name switch
    {
        "own_no" => order.OwnNo,
        "upstream_no" => order.UpstreamNo,
        "goods" => order.Goods,
        "count" => order.Count.ToString(CultureInfo.InvariantCulture),
        "field" => order.Fields.GetValueOrDefault(hole.Key!),
        // Always rounded down: a cap may become smaller on its way, never larger.
        "cap" => order.Cap.ToString(),
        "cap_2" => Whole(order.Cap).Text(2),
        "cap_unit" => PerUnit(order).ToString(),
        "cap_unit_2" => Whole(PerUnit(order)).Text(2),
        "cap_fen" => (order.Cap.Units / Money.UnitsPerFen).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static Money PerUnit(UpstreamOrder order) => new(order.Cap.Units / order.Count, order.Cap.Currency);

    private static Money Whole(Money money) => new(money.Units / Money.UnitsPerFen * Money.UnitsPerFen, money.Currency);
}
