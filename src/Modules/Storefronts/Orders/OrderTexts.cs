using System.Globalization;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Core;

namespace Lianka.Modules.Storefronts;

public sealed record Step(string Word, string State, bool IsCurrent);

/// <summary>The words around the end of a reservation: a moment without scripts, a span that counts down with them.</summary>
/// <param name="Until">Before the moment; falls away for a span.</param>
/// <param name="AtMoment">Behind the moment; <paramref name="InSpan"/> takes its place behind a span.</param>
public sealed record PayTime(string Before, string Until, string AtMoment, string InSpan, string After);

// The words about payment and orders.
public sealed partial class Texts
{
    public string Paying => P("付款", "Payment");
    public string ToPay => P("应付金额", "Amount to pay");
    public string PayTimeOver => P("付款时间已过，订单已取消", "The time to pay is over; the order has lapsed");
    public string LastMinute => P("还剩一分钟", "One minute left");
    public PayTime PayBefore => language == Platform.Http.Language.Zh
        ? new("请在 ", "", " 前", " 内", "付款，过时自动取消")
        : new("Reserved for you, ", "until ", " (China time)", " left", "; an unpaid order lapses by itself");
    public string TestChannel => P("测试通道", "Test channel");
    public string TestChannelHint => P("演示用，不会扣真钱", "for demonstration, no real money is taken");
    public string GoPay(string amount) => P($"去支付 ¥{amount}", $"Pay ¥{amount}");
    public string PayBy(string way, string amount) => way == PayWays.Test ? GoPay(amount) : P($"用{Way(way)}付 ¥{amount}", $"Pay ¥{amount} by {Way(way)}");
    public string WayToPay => P("支付方式", "Way to pay");
    public string OtherWays => P("换一种支付方式", "Pay another way");

    /// <summary>What buyers know a way to pay as.</summary>
    public string Way(string way) => way switch
    {
        PayWays.WeChat => P("微信支付", "WeChat Pay"),
        PayWays.Alipay => P("支付宝", "Alipay"),
        PayWays.UnionPay => P("云闪付 / 银联", "UnionPay"),
        PayWays.Card => P("银行卡（Visa、万事达等）", "Card (Visa, Mastercard …)"),
        PayWays.Qq => P("QQ 钱包", "QQ Wallet"),
        PayWays.Bank => P("银行转账", "Bank transfer"),
        PayWays.Wallet => P("代理余额", "Merchant's balance"),
        PayWays.Test => TestChannel,
        _ => P("在线支付", "Online payment"),
    };

    /// <summary>The sign in front of a way: which look, and the letter in it.</summary>
    public (string Look, string Letter) WayMark(string way) => way switch
    {
        PayWays.WeChat => ("wechat", "微"),
        PayWays.Alipay => ("alipay", "支"),
        PayWays.UnionPay => ("unionpay", "银"),
        PayWays.Card => ("card", P("卡", "C")),
        PayWays.Qq => ("qq", "Q"),
        PayWays.Bank => ("card", P("转", "B")),
        PayWays.Wallet => ("card", P("余", "W")),
        _ => ("", "¥"),
    };

    // A bank transfer.
    public string TransferHolder => P("户名", "Account holder");
    public string TransferBank => P("开户行", "Bank");
    public string TransferAccount => P("账号", "Account number");
    public string TransferReference => P("附言（必填）", "Reference (needed)");
    public string SlipLabel => P("转账回单", "Slip of the transfer");
    public string SlipHint => P("PNG、JPEG 或 WebP，最大 4 MiB；看得清金额、附言和流水号。", "PNG, JPEG or WebP, at most 4 MiB; amount, reference and the bank's number must be readable.");
    public string SendSlip => P("上传回单", "Send the slip");
    public string SlipThere => P("回单已收到，确认到账后自动发货。", "The slip has arrived; your goods follow once the money is confirmed.");
    public string SlipRefused(string reason) => P($"回单被驳回：{reason}", $"The slip was refused: {reason}");
    public string SlipTooLate => P("这笔转账已经不在等待了。", "This transfer is not waited for any more.");

    public string ScanWith(string way) => way switch
    {
        PayWays.WeChat => P("打开微信「扫一扫」，扫码付款", "Scan with WeChat to pay"),
        PayWays.Alipay => P("打开支付宝「扫一扫」，扫码付款", "Scan with Alipay to pay"),
        PayWays.UnionPay => P("打开云闪付或银行 App 扫码付款", "Scan with UnionPay or your bank's app to pay"),
        PayWays.Qq => P("打开手机 QQ「扫一扫」，扫码付款", "Scan with mobile QQ to pay"),
        _ => P("用对应的 App 扫码付款", "Scan with the app to pay"),
    };

    public string PayCodeLabel(string way, string amount) => P($"{Way(way)}付款码，¥{amount}", $"{Way(way)} code for ¥{amount}");
    public string InAppOnly(string way) => P($"{Way(way)}要在它自己的 App 里打开这一页才能付。换一种方式，或把本页链接发到 App 里打开。",
        $"{Way(way)} works here only inside its own app. Choose another way, or open this page in the app.");

    /// <summary>Why there is no way to pay, or not the one that was asked for: what is so, and what to do.</summary>
    public (string Title, string Hint) Problem(PayProblem problem, bool isPaid) => problem switch
    {
        PayProblem.Over when isPaid => (P("钱已收到，正在出货。", "Your money has come; your goods follow."), P("不用再付，这一页会自己跳转。", "Do not pay again; this page moves on by itself.")),
        PayProblem.Over => (P("付款时间已过。", "The time to pay is over."), P("没有扣款。如果刚好在最后一刻付了，有货补发，没货原路退回。", "Nothing was charged. If you paid in the last moment, you get the goods or your money back.")),
        PayProblem.NoChannel => (P("现在没有能用的支付方式。", "There is no way to pay at the moment."), P("没有扣款，货还给你留着，过一会儿再试，或联系店铺。", "Nothing was charged and your goods are still held. Try again later, or ask the shop.")),
        PayProblem.Busy => (P("正在打开支付，请稍等。", "The payment is being opened, one moment."), P("没有扣款。过几秒再试。", "Nothing was charged. Try again in a few seconds.")),
        PayProblem.NotClosed => (P("还不能换：原来的支付方式还没有确认关闭。", "Not changed yet: the first payment is not confirmed closed."),
            P("已经付了就不要再付，等这一页更新；没有付，可以继续用原来的方式付，或稍后再换。", "If you have paid, do not pay again: wait for this page. If not, pay the first way, or change it a little later.")),
        PayProblem.BuyerUnknown => (P("没能从微信确认是你。", "WeChat did not tell who you are."), P("没有扣款，货还给你留着。再试一次，或换一种方式。", "Nothing was charged and your goods are still held. Try again, or choose another way.")),
        _ => (P("支付通道暂时没有回应。", "The payment channel does not answer at the moment."), P("没有扣款，货还给你留着，稍等再试，或换一种方式。", "Nothing was charged and your goods are still held. Try again shortly, or choose another way.")),
    };

    /// <summary>Only where the code leads to a simulator on this machine, which no phone reaches.</summary>
    public string OpenCodeHere => P("演示：不用手机，在这里打开付款码", "Demo: open the code here, without a phone");
    public string GoingToPay => P("正在打开付款页…", "Opening the payment page …");
    public string OpeningPayment => P("正在联系支付通道…", "Asking the payment channel …");
    public string BackToCashier => P("换一种支付方式", "Choose another way");
    public string AppFailed => P("没有付成，也没有扣款。可以再点一次，或换一种方式。", "Not paid, and nothing was charged. Press again, or choose another way.");
    public string NeedsScript(string way) => P($"{Way(way)}要打开浏览器的 JavaScript 才能付。", $"{Way(way)} needs JavaScript.");
    public string MoneyIsSlow => P("已经付了但这里没有变？我们每几秒向支付通道查一次，查到马上出货，不用再付一次。还没付，可以继续付或换一种方式。",
        "Paid already, and nothing happens here? We ask the payment channel every few seconds and deliver as soon as it says so: do not pay again. If you have not paid, go on paying or choose another way.");
    public string MoreWaysOutside => P("在微信里能用的方式少一些；点右上角「···」用浏览器打开这一页，可以用更多方式。",
        "Inside WeChat fewer ways work. Open this page in your browser (··· in the corner) for more.");
    public string TryAgain => P("再试一次", "Try again");
    public string WaitingForMoney(Order order) => AsksForAccount(order)
        ? P("等你付款，付完自动充值", "Waiting for your payment; the top-up then begins by itself")
        : P("等你付款，付完这里自动出卡密", "Waiting for your payment; the code appears here by itself");
    public string Stale => P("网络不太稳，正在重连。已经付了也不用急，订单不会丢。", "The connection is unsteady, reconnecting. If you have paid, nothing is lost.");
    public string PaidRefresh => P("我付好了，刷新看结果", "I have paid, show the result");
    public string Refresh => P("刷新看结果", "Refresh");
    public string Goods => P("商品", "Goods");
    public string OrderNo => P("订单号", "Order number");
    public string Payee => P("收款方", "Payee");
    public string PayeeIs(string shop) => P($"{shop}（担保账户）", $"{shop} (escrow)");
    public string CancelOrder => P("不买了，取消订单", "Cancel this order");

    // The result page.
    public string Progress => P("进度", "Progress");
    public string Codes => P("卡密", "Codes");
    public string Copy => P("复制", "Copy");
    public string Copied => P("已复制", "Copied");
    public string CopyFailed => P("复制不了，请长按选择", "Press and hold to select");
    public string CopyAll(int count) => P($"复制全部 {count} 张", $"Copy all {count}");
    public string CopiedAll(int count) => P($"已复制 {count} 张", $"{count} copied");
    public string CardNo(int no, string sku) => P($"第 {no} 张 · {sku}", $"No. {no} · {sku}");
    public string ValidUntil(DateTimeOffset at) => P($"有效期到 {Day(at)}", $"valid until {Day(at)}");
    public string CardNumber => P("卡号", "Number");
    public string CardSecret => P("卡密", "Code");
    public string CardLink => P("链接", "Link");
    public string OpenLink => P("打开领取页", "Open the link");
    public string CardImage => P("图片卡密", "Code as a picture");
    public string SaveImage => P("保存图片", "Save the picture");
    public string ImageLabel(int no) => P($"第 {no} 张卡密的图片", $"Picture of code no. {no}");
    public string BarcodeLabel(int no) => P($"第 {no} 张卡密的条码", $"Barcode of code no. {no}");
    public string ShowQr => P("出二维码，给另一台手机扫", "Show a QR code for another phone");
    public string QrLabel(int no) => P($"第 {no} 张卡密的二维码", $"QR code of code no. {no}");
    public string KeepSecret => P("客服不会向你要卡密。谁看到卡密谁就能用，别截图发给陌生人。", "Nobody from the shop will ask for your code. Whoever sees it can use it: do not send it to strangers.");
    public string Reveal(long count) => P(count == 1 ? "显示卡密" : $"显示 {count} 张卡密", count == 1 ? "Show the code" : $"Show {count} codes");
    public string RevealHint => P("卡密已经备好。看看身边有没有人，再点显示；每次查看都有记录。", "Your codes are ready. Make sure nobody looks over your shoulder; each viewing is recorded.");
    public string RedeemSite => P("去官方兑换页", "To the official redeem page");
    public string CodeProblem => P("这张卡有问题", "Problem with this code");
    public string[] CodeProblemSteps(string shop, Order order) =>
    [
        P("先核对：地区对不对、0 和 O、1 和 I 有没有看错，最好直接点「复制」再粘贴。", "First check the region, and whether 0 and O or 1 and I were mixed up. Best press Copy and paste the code."),
        P($"还是不行，把订单号 {order.Id} 和兑换页的报错截图发给{shop}，截图里不要露出卡密。", $"If it still fails, send the order number {order.Id} and a picture of the error to {shop}, without showing the code."),
        order.ReleaseAt is { } release && order.Settlement == SettlementState.Escrowed
            ? P($"这笔货款现在还在担保账户，{Moment(release)}（{ZoneName}）才结算给商家。", $"Your payment is still in escrow; it is released to the shop at {Moment(release)} ({ZoneName}).")
            : P("货款已经结算；查实是卡的问题，照样退款。", "The payment has been released already; if the code proves faulty, it is refunded all the same."),
    ];
    public string YouPaid => P("你付了", "You paid");
    public string GoingBack => P("正在退回", "Going back");
    public string GoneBack => P("已退回", "Returned");
    public string YouSpent => P("你一共花了", "You spent");
    public string OrderedAt => P("下单时间", "Ordered");
    public string PaidAt => P("付款时间", "Paid");
    public string BuyAgain => P("重新购买", "Buy again");

    // Looking up.
    public string LookUpHint => P("填下单时留的那个。", "The one you gave when ordering.");
    public string NotFoundByContact => P("没有查到。订单号和联系方式要和下单时一样，两个都核对一下。", "Nothing found. The number and the contact must both be those of the order; please check both.");
    public string MyOrders => P("我的订单", "My orders");
    public string MyAccounts => P("联系方式和充值账号", "Contact and accounts");
    public string MyAccountsHint => P("只存在这台设备上，下次直接选。", "Kept on this device only, and offered the next time.");
    public string RemoveAccount(string value) => P($"删除 {value}", $"Remove {value}");
    public string OtherDevice => P("换一台设备看订单", "See these orders on another device");
    public string OtherDeviceHint => P("生成一个二维码，用另一台手机或电脑扫一下，订单就跟过去了。不用注册，也没有密码。", "Make a code and scan it with another phone or computer: the orders are there, too. No registration, no password.");
    public string MakeCode => P("生成二维码", "Make the code");
    public string TakeCodeHint(int minutes) => P($"{minutes} 分钟内有效。谁扫谁能看到这些订单，只给自己的设备扫。", $"Valid for {minutes} minutes. Whoever scans it sees these orders: only your own device should.");
    public string TakeCodeLabel => P("订单二维码", "Code of your orders");
    public string TakeCopy => P("复制链接", "Copy the link");
    public string TakeTitle => P("把订单带到这台设备", "Bring orders to this device");
    public string TakeAsk(int count) => P($"另一台设备上的 {count} 个订单，会出现在这台设备的「我的订单」里。", count == 1 ? "One order of the other device will be listed here, too." : $"{count} orders of the other device will be listed here, too.");
    public string TakeWarning => P("只在自己的设备上这样做；卡密要再按一下才显示。", "Do this on your own device only; codes show after another press.");
    public string TakeYes => P("带过来", "Bring them here");
    public string TakeOver => P("这个二维码已经失效", "This code is over");
    public string TakeOverHint => P("在原来的设备上打开「我的订单」，重新生成一个。", "Open “My orders” on the first device and make another one.");
    public string OrdersOfBrowser => P("这台设备上的订单", "Orders from this device");

    // Help.
    public string HelpBuying => P("怎么买", "How to buy");
    public string[] HelpBuyingSteps =>
    [
        P("选商品和规格，填手机号或邮箱。", "Choose the goods and leave a phone number or e-mail address."),
        P("付款。付款页有倒计时，这段时间给你留货，价格不变。", "Pay. Until the countdown ends, your goods are held at the price you saw."),
        P("付完回到订单页，卡密直接显示，一点就复制；直充商品直接充到你填的账号。", "Back on the order page the code is shown, and one tap copies it; a direct top-up goes straight to the account you gave."),
        P("关掉了也不怕：用订单号和联系方式在「查订单」里随时再看。", "Closed the page? Find the order again at any time with its number and your contact."),
    ];
    public string[] RefundRuleLines =>
    [
        P("没发出货：全额原路退回，不用申请。", "Not delivered: everything goes back the way it came, without asking."),
        P("付款太晚、订单已过期：有货就照原价补发，没货就全额退回。", "Paid after the order had lapsed: delivered at the same price if there is stock, otherwise everything goes back."),
        P("卡密看过之后，没有质量问题不退；是卡的问题，核实后退款。", "Once shown, a code is returned only if it is faulty; then it is refunded after a check."),
    ];

    /// <summary>Bought at a supplier's for this order, without codes to show.</summary>
    public static bool IsTopUp(Order order) => order.Fulfilments.Count > 0 && order.Fulfilments.All(f => f.IsPurchase);

    /// <summary>There is an account to top up: no code will appear.</summary>
    private static bool AsksForAccount(Order order) => order.Fields is { Length: > 0 };

    public string Receipt => P("充值凭证", "Receipt");

    public string Look(OrderStage stage) => stage switch
    {
        OrderStage.Delivered => "ok",
        OrderStage.Unpaid or OrderStage.Working => "waiting",
        _ => "warning",
    };

    public string Stage(OrderView view) => view.Stage switch
    {
        OrderStage.Unpaid => P("待付款", "Unpaid"),
        OrderStage.Working => P("处理中", "In progress"),
        OrderStage.Delivered => P("已发货", "Delivered"),
        OrderStage.PartlyDelivered => P("部分发货", "Partly delivered"),
        OrderStage.Lapsed => P("已过期", "Lapsed"),
        OrderStage.Cancelled => P("已取消", "Cancelled"),
        _ => view.IsBackDone ? P("已退款", "Refunded") : P("退款中", "Refunding"),
    };

    public string StageTitle(OrderView view, Order order) => view.Stage switch
    {
        OrderStage.Unpaid => P("还没有付款", "Not paid yet"),
        OrderStage.Working when IsTopUp(order) => P("收到付款，正在充值", "Paid; your top-up is under way"),
        OrderStage.Working => P("收到付款，正在发货", "Paid; your goods are on their way"),
        OrderStage.Delivered when IsTopUp(order) => P("充值成功", "Topped up"),
        OrderStage.PartlyDelivered when IsTopUp(order) => P($"充值了 {order.Delivered} 份，其余的钱已退", $"{order.Delivered} topped up, the rest is refunded"),
        OrderStage.Delivered => order.Delivered == 1 ? P("卡密到了", "Your code is here") : P($"{order.Delivered} 张卡密都到了", $"All {order.Delivered} codes are here"),
        OrderStage.PartlyDelivered => P($"发了 {order.Delivered} 张，其余的钱已退", $"{order.Delivered} delivered, the rest is refunded"),
        OrderStage.Lapsed => P("没有付款，订单已过期", "Not paid in time; the order has lapsed"),
        OrderStage.Cancelled => P("订单已取消", "The order is cancelled"),
        _ => view.IsBackDone ? P($"¥{view.Back.Text(2)} 已退回", $"¥{view.Back.Text(2)} returned") : P($"¥{view.Back.Text(2)} 正在退回", $"¥{view.Back.Text(2)} is going back"),
    };

    public string StageHint(OrderView view, Order order) => view.Stage switch
    {
        OrderStage.Unpaid when AsksForAccount(order) => P("付完马上开始充值。", "The top-up begins right after payment."),
        OrderStage.Unpaid => P("货给你留着，付完马上出卡密。", "Your goods are held for you; the code appears right after payment."),
        OrderStage.Working when order.HoldReason is not null => P("比平时慢，已经请人查看。没充上会自动退款，不用重复下单。", "Slower than usual; somebody is looking at it. If it fails, your money comes back by itself: no need to order again."),
        OrderStage.Working => P("一般几秒内完成，这一页会自己更新。", "Usually a matter of seconds; this page updates by itself."),
        OrderStage.Delivered => P($"已付 ¥{order.Total.Text(2)}", $"Paid ¥{order.Total.Text(2)}") + Took(order),
        OrderStage.PartlyDelivered when IsTopUp(order) => P("没充上的部分按单价原路退回。", "What was not topped up goes back at the unit price."),
        OrderStage.PartlyDelivered => P("没发出的部分按单价原路退回。", "What was not delivered goes back at the unit price."),
        OrderStage.Lapsed => P("没有扣款。如果你刚好在最后一刻付了钱：有货补发，没货原路退回，等一会儿看这一页。", "Nothing was charged. If you paid in the last moment: you get the goods if there are any left, or your money back; watch this page."),
        OrderStage.Cancelled => P("没有扣款，留的货已经放回货架。", "Nothing was charged; the goods are back on the shelf."),
        _ when view.IsLate && order.Status == OrderStatus.Cancelled =>
            P("付款到的时候订单已经取消，钱原路退回，一分不扣。", "Your payment came when the order was cancelled already. All of it goes back."),
        _ when view.IsLate => P("付款到的时候订单已经结束，货也没有了，钱原路退回，一分不扣。", "Your payment came when the order was over and the goods were gone. All of it goes back."),
        _ when order.Failure == "account" => P("充值账号被拒绝，请核对号码和区服后重新下单。钱原路退回，一分不扣。", "The account was refused: check the number and its region, and order again. All of your money goes back."),
        _ => P("原路退回付款的账户，一分不扣。", "All of it goes back to where it came from."),
    };

    public IReadOnlyList<Step> Steps(OrderView view, Order order)
    {
        var isTopUp = AsksForAccount(order);
        var (placed, paid, done) = (P("已下单", "Ordered"), P("已付款", "Paid"), isTopUp ? P("已到账", "Topped up") : P("已发货", "Delivered"));
        return view.Stage switch
        {
            OrderStage.Unpaid => [new(placed, "done", false), new(P("待付款", "Payment"), "current", true), new(done, "", false)],
            OrderStage.Working => [new(placed, "done", false), new(paid, "done", false), new(isTopUp ? P("充值中", "Topping up") : P("发货中", "Delivering"), "current", true)],
            OrderStage.Delivered => [new(placed, "done", false), new(paid, "done", false), new(done, "done", false)],
            OrderStage.PartlyDelivered => [new(placed, "done", false), new(paid, "done", false), new(isTopUp ? P("部分到账", "Partly topped up") : P("部分发货", "Partly delivered"), "done", false)],
            OrderStage.Lapsed => [new(placed, "done", false), new(P("没付款", "Not paid"), "failed", true)],
            OrderStage.Cancelled => [new(placed, "done", false), new(P("已取消", "Cancelled"), "failed", true)],
            _ => [new(placed, "done", false), new(paid, "done", false),
                new(view.IsBackDone ? P("已退款", "Refunded") : P("退款中", "Refunding"), view.IsBackDone ? "done" : "current", !view.IsBackDone)],
        };
    }

    private string Took(Order order)
    {
        if (order.PaidAt is not { } paid || order.DeliveredAt is not { } delivered) return "";
        var seconds = Math.Max(0, (long)(delivered - paid).TotalSeconds);
        if (seconds < 60 && AsksForAccount(order)) return P($" · 付款后 {Math.Max(1, seconds)} 秒内到账", $" · topped up within {Math.Max(1, seconds)} s");
        return seconds < 60 ? P($" · 付款后 {Math.Max(1, seconds)} 秒内发货", $" · delivered within {Math.Max(1, seconds)} s") : "";
    }

    public string Day(DateTimeOffset at) => at.ToOffset(_chinaTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
