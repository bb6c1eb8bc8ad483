using System.Net;

namespace Lianka.ChannelSimulator;

/// <summary>The channel's own pages, where a person pays without money.</summary>
internal static class Cashier
{
    public static string PathOf(Trade trade) => $"/cashier/{trade.TradeNo}";

    public static void Map(IEndpointRouteBuilder routes, Trades trades, Notices notices)
    {
        routes.MapGet("/", () => Page("模拟支付渠道 · Channel simulator", "<ul>" + string.Concat(trades.All.OrderByDescending(t => t.CreatedAt).Take(50).Select(t =>
            $"<li><a href=\"{PathOf(t)}\">{Html(t.Protocol)} {Html(t.OutNo)}</a> {Html(t.Subject)} <b>{Wire.Yuan(t.Fen)} {Html(t.Currency)}</b> {t.StatusAt(Trades.Now)}</li>")) + "</ul>"));
        routes.MapGet("/cashier/{no}", (string no, string? redirect_url) =>
        {
            if (trades.Find(no) is not { } trade) return Page("没有这笔交易 · No such trade", "");
            // WeChat Pay's H5 is told with the address where to go afterwards.
            if (Uri.TryCreate(redirect_url, UriKind.Absolute, out var back)) trade.ReturnUrl = back.AbsoluteUri;
            Trades.Open(trade);
            return Show(trade);
        });
        routes.MapPost("/cashier/{no}/pay", (string no) =>
        {
            if (trades.Find(no) is not { } trade) return Results.NotFound();
            if (Trades.Pay(trade)) notices.Paid(trade);
            return Back(trade);
        });
        routes.MapPost("/cashier/{no}/leave", (string no) => trades.Find(no) is { } trade ? Back(trade) : Results.NotFound());
    }

    public static IResult Show(Trade trade) => Page($"{Html(trade.Protocol)} · 模拟收银台 · Simulated cashier", $"""
        <p>{Html(trade.Subject)}</p><p class="sum">{Wire.Yuan(trade.Fen)} {Html(trade.Currency)}</p><p>{Html(trade.OutNo)}</p>
        {(trade.StatusAt(Trades.Now) is TradeStatus.Open or TradeStatus.Unseen
            ? $"<form method=\"post\" action=\"{PathOf(trade)}/pay\"><button id=\"pay\">支付 · Pay</button></form>"
              + $"<form method=\"post\" action=\"{PathOf(trade)}/leave\"><button id=\"leave\">不付，返回 · Leave without paying</button></form>"
            : $"<p>{(trade.Status == TradeStatus.Paid ? "已支付 · Paid" : "已关闭 · Closed")}</p>")}
        """);

    private static IResult Back(Trade trade) => trade.ReturnUrl.Length == 0 ? Show(trade)
        // UnionPay's buyers come back by a form.
        : trade.Protocol == "unionpay" ? Page("返回商户 · Back to the shop", $"""
            <form method="post" action="{Html(trade.ReturnUrl)}"><input type="hidden" name="orderId" value="{Html(trade.OutNo)}"><input type="hidden" name="respCode" value="00"><button>返回商户 · Back to the shop</button></form>
            <script>document.forms[0].submit()</script>
            """)
        : Results.Redirect(trade.ReturnUrl);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static IResult Page(string title, string body) => Results.Text($$"""
        <!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{title}}</title>
        <style>body{font:16px/1.6 system-ui;max-width:32rem;margin:2rem auto;padding:0 1rem}.sum{font-size:2rem}button{font:inherit;padding:.6rem 1.2rem;margin:.3rem 0;width:100%}</style>
        <h1>{{title}}</h1>{{body}}
        """, "text/html; charset=utf-8");
}
