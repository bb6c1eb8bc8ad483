using Lianka.Modules.FlashSales;
using Lianka.Modules.Storefronts.Flash;

namespace Lianka.Modules.Storefronts;

// The words about flash sales.
public sealed partial class Texts
{
    public string FlashSale => P("限时抢购", "Flash sale");
    public string FlashSales => P("限时抢购", "Flash sales");
    public string FlashTitle(string goods) => P($"抢购：{goods}", $"Flash sale: {goods}");
    public string FlashDescription(string goods, string shop, string price) => P($"{shop}限时抢购 {goods}，¥{price}，付款后自动出卡密。", $"{goods} at ¥{price} in a flash sale at {shop}; the code appears right after payment.");
    public string FlashTerms(long units, long quota, long paySeconds) => P(
        $"共 {N(units)} 份 · 每人限 {quota} 份 · 抢到后 {SpanOf(paySeconds)}内付款",
        $"{N(units)} in all · {quota} for each buyer · to be paid within {SpanOf(paySeconds)}");

    public PayTime StartsAt => language == Platform.Http.Language.Zh
        ? new("", "", " 开抢（北京时间）", " 后开抢", "")
        : new("Starts ", "at ", " (China time)", " from now", "");
    public string StartingNow => P("开抢了", "It has started");
    public string StateOf(SaleView view, DateTimeOffset now) => now < view.Sale.FromAt ? P($"{Moment(view.Sale.FromAt)} 开抢", $"starts {Moment(view.Sale.FromAt)}")
        : view.Sale.IsSoldOut ? FlashSoldOut : P("正在抢", "running now");

    public string TicketContactHint => P("先留联系方式领抢购码，每人一个；也用来查订单，不打广告。", "Leave a contact to get your ticket, one for each buyer. It also finds your order again; no advertising.");
    public string HaveTicket => P("我已有抢购码", "I have a ticket already");
    public string TicketLabel => P("抢购码", "Ticket");
    public string TicketWrong => P("抢购码不对，或者不是这一场的，请原样粘贴。", "This is not a ticket of this sale. Please paste it unchanged.");
    public string GetTicket => P("领抢购码", "Get a ticket");
    public string TicketReady => P("抢购码已领好，到点这里会出现抢购按钮", "Your ticket is ready; the button appears here at the start");
    public string TryNow => P("立即抢", "Try now");
    public string FlashRunning(long left) => left > 0 ? P($"正在抢，还剩约 {N(left)} 份", $"Running: about {N(left)} left") : P("名额都被占下了，未付款的会退回，可以排队", "All are reserved; those not paid for come back, so you can wait in line");

    public string Place(FlashAnswer.Waiting waiting) => waiting.Ahead > 0
        ? P($"排队中，前面还有 {N(waiting.Ahead)} 人", $"In line: {N(waiting.Ahead)} ahead of you")
        : P("就快轮到你了", "You are next");
    public string YourPlace => P("你的位置", "Your place");
    public string AheadOfYou => P("前面还有", "Ahead of you");
    public string MayComeBack => P("还可能退回的名额", "Units that may come back");
    public string ChanceOf(FlashAnswer.Waiting waiting) => waiting.Chance switch
    {
        Chance.Likely => waiting.ExpectedAt is { } at ? P($"机会不错，预计 {Clock(at)} 前后轮到你。", $"A good chance: your turn is expected around {Clock(at)} (China time).") : P("机会不错。", "A good chance."),
        Chance.Possible => P("有可能，要看有多少人不付款。", "Possible, if more people than usual do not pay."),
        _ => P("希望不大：前面的人比未付款的名额还多。", "Unlikely: more people are ahead than units are unpaid."),
    };
    public string PlaceHint => P("轮到你时会自动占下名额并打开付款页，请别关页面。", "When your turn comes, a unit is reserved by itself and the payment page opens. Please keep this page open.");

    public string FlashSoldOut => P("抢光了", "Sold out");
    public string FlashSoldOutHint => P("名额已全部付款，不会再有退回。", "Every unit has been paid for; none will come back.");
    public string FlashEnded => P("抢购已结束", "The sale is over");
    public string FlashEndedHint => P("这一场不再放出名额。", "No more units are given out.");
    public string FlashLapsed => P("名额已让给别人", "Your units went to others");
    public string FlashLapsedHint => P("你抢到过，但没有按时付款或取消了。每人每场只有一次机会。", "You had them, but they were not paid for in time or were cancelled. Everybody has one chance in a sale.");
    public string FlashShort => P("现在凑不齐货，没有扣款，稍后可以再试。", "The goods are short at the moment. Nothing was charged; you may try again shortly.");

    public string[] FlashRules(long paySeconds) =>
    [
        P("每人每场一单，重复点不会重复下单。", "One order for each buyer; pressing again does not buy again."),
        P($"抢到后 {SpanOf(paySeconds)}内付款，过时名额让给排队的人，本场不能再抢。", $"Pay within {SpanOf(paySeconds)}; otherwise your units go to those in line, and you cannot try again in this sale."),
        P("付款后几秒内在页面直接看卡密。", "The code is on your screen seconds after payment."),
    ];

    private string SpanOf(long seconds) => seconds % 60 == 0
        ? P($"{seconds / 60} 分钟", seconds == 60 ? "1 minute" : $"{seconds / 60} minutes")
        : P($"{seconds} 秒", $"{seconds} seconds");
}
