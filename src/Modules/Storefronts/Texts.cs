using System.Globalization;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts;

/// <summary>Every word of the storefronts, in both languages. Sums and states come from the pages, never from here.</summary>
public sealed partial class Texts(Language language)
{
    private static readonly TimeSpan _chinaTime = TimeSpan.FromHours(8);

    private string P(string zh, string en) => language.Pick(zh, en);

    // The frame.
    public string OtherTag => P("en", "zh-CN");
    public string OtherShort => P("EN", "中文");
    public string SkipToContent => P("跳到正文", "Skip to content");
    public string ShopNav => P("店铺", "Shop");
    public string Notice => P("店铺公告", "Shop notice");
    public string Help => P("购买帮助", "How to buy");
    public string RefundRules => P("退款规则", "Refunds");
    public string FindOrder => P("查订单", "Find an order");
    public string FooterPromise => P("每笔订单付款后先进担保账户，发货后才结算给商家。", "Every payment is held in escrow first; the shop is paid only after the goods are delivered.");
    public string ContactTitle => P("联系店家", "Contact the shop");
    public string ContactShop => P("联系店家：", "Contact the shop: ");
    public string Colours => P("界面颜色", "Colours");
    public string ThemeSystem => P("跟随系统", "System");
    public string ThemeLight => P("浅色", "Light");
    public string ThemeDark => P("深色", "Dark");

    // When there is nothing to see.
    public string NoShop => P("没有这家店", "There is no such shop");
    public string NoShopHint => P("地址可能打错了，或者店铺已经搬走。", "The address may be mistyped, or the shop has moved.");
    public string ShopClosed => P("店铺暂停营业", "This shop is closed for now");
    public string ShopClosedHint => P("现在不能下单。已经买过的，照样可以查订单、看卡密。", "No new orders at the moment. If you bought here before, you can still find your order and its codes.");
    public string NoPage => P("没有这个页面", "There is no such page");
    public string NoPageHint => P("商品可能已下架，去首页看看别的。", "The item may have been taken off the shelf. Have a look at the others.");
    public string ToHome => P("回首页", "To the shop");

    // Browsing.
    public string HomeDescription(string shop) => P($"{shop}：游戏点卡、话费、会员、礼品卡，付款后自动出卡密。", $"{shop}: game cards, phone top-ups, memberships and gift cards; the code appears right after payment.");
    public string CategoryDescription(string category, string shop) => P($"{shop}的{category}，明码标价，付款后自动出卡密。", $"{category} at {shop}: clear prices, the code appears right after payment.");
    public string ProductDescription(string product, string shop, string price, bool isTopUp) => isTopUp
        ? P($"{product}，¥{price} 起，{shop}，付款后直接充到账号。", $"{product} from ¥{price} at {shop}, topped up right after payment.")
        : P($"{product}，¥{price} 起，{shop}，付款后自动出卡密。", $"{product} from ¥{price} at {shop}; the code appears right after payment.");
    public string HelpDescription(string shop) => P($"在{shop}怎么买、怎么查订单、什么时候退款。", $"How to buy at {shop}, find an order, and when money goes back.");
    public string SearchLabel => P("搜商品", "Search the shop");
    public string SearchHint => P("搜商品，拼音首字母也行", "Games, cards, memberships");
    public string Search => P("搜索", "Search");
    public string ByScenario => P("按场景找", "By kind");
    public string AllGoods => P("全部商品", "All goods");
    public string SeeAll => P("看全部商品", "See all goods");
    public string More => P("再看一些", "Show more");
    public string Home => P("首页", "Home");
    public string Crumbs => P("位置", "You are here");
    public string EmptyShop => P("还没有上架商品", "Nothing on the shelves yet");
    public string EmptyShopHint => P("店主正在备货，晚点再来。", "The shop is being stocked. Please come back later.");
    public string EmptyCategory => P("这一类暂时没有商品", "Nothing of this kind at the moment");
    public string FoundFor(string query) => P($"「{query}」的结果", $"Results for “{query}”");
    public string NothingFor(string query) => P($"没找到「{query}」", $"Nothing found for “{query}”");
    public string NearlyFor(string query) => P($"没有叫「{query}」的，下面是相近的。", $"Nothing is called “{query}”; these come close.");
    public string NothingHint => P("换个短点的词试试，比如「Steam」「话费」。", "Try a shorter word, such as “Steam” or “phone”.");
    public string AutoDelivery => P("自动发货", "Instant");
    public string NoCodeNeeded => P("直充", "Top-up");
    public string SoldOut => P("暂时缺货", "Sold out");
    public string FromPrice => P(" 起", " and up");
    public string Stock(long count) => P($"库存 {N(count)}", $"{N(count)} in stock");

    public string Region(string region) => region switch
    {
        "CN" => P("国区", "China"),
        "HK" => P("港区", "Hong Kong"),
        "TW" => P("台区", "Taiwan"),
        "US" => P("美区", "United States"),
        "JP" => P("日区", "Japan"),
        "GLOBAL" or "" => P("不限地区", "Any region"),
        _ => region,
    };

    public string Face => P("面值", "face value");
    public string FaceText(Sku sku) => Core.Face.Text(sku.FaceValue, sku.FaceCurrency);

    /// <summary>The face values of all choices: one, or from the smallest to the largest of one currency.</summary>
    public string Faces(Goods goods)
    {
        var faces = goods.Choices.Select(c => c.Sku).OrderBy(s => s.FaceValue).ToList();
        return faces[0].FaceValue == faces[^1].FaceValue || faces.Any(f => f.FaceCurrency != faces[0].FaceCurrency)
            ? $"{P("面值", "Face")} {FaceText(faces[0])}"
            : $"{P("面值", "Face")} {FaceText(faces[0])}–{FaceText(faces[^1])}";
    }

    // Pages of scenarios.
    public string ChooseValue => P("选一个面值。", "Choose a value.");
    public string ChoiceGone => P("你要的这个规格现在不卖，另选一个再买。", "The choice you asked for is not sold at present. Please choose another.");
    public string NoValues(bool hasOthers) => hasOthers
        ? P("这里没有能充这个号码的面值，看看下面的其他商品。", "None of the values here is for this number; have a look at the other goods below.")
        : P("这里没有能充这个号码的面值。", "None of the values here is for this number.");
    public string DetailsOf => P("商品说明和官方网站", "Details and official site");
    public string TopUpNow => P("立即充值", "Top up now");
    public string OtherGoods => P("其他商品", "Other goods");
    public string Narrow => P("筛选", "Narrow down");
    public string AllOfThem => P("全部", "All");

    // The product page.
    public string CodeAfterPayment => P("付款后自动出卡密", "code appears right after payment");
    public string Each(bool isTopUp) => P(isTopUp ? "每份" : "每张", "Each");
    public string ChooseSku => P("规格", "Choose");
    public string Quantity => P("数量", "Quantity");
    public string OneLess => P("减一份", "One less");
    public string OneMore => P("加一份", "One more");
    public string QuantityRange(long max) => P($"数量要填 1 到 {N(max)} 的整数。", $"Quantity: a whole number from 1 to {N(max)}.");
    public string Optional => P("（可不填）", " (optional)");
    public string PleaseChoose => P("请选择", "Please choose");
    public string DirectTopUp => P("直充到账", "direct top-up");
    public string TopUpAfterPayment => P("付款后自动充值，失败自动退款", "topped up after payment; if it fails, the money comes back by itself");
    public string ContactLabel => P("手机号或邮箱", "Phone number or e-mail");
    public string ContactHint => P("只用来查订单，不打广告。", "Only for finding your order again; no advertising.");
    public string Remember => P("在这台设备上记住联系方式和充值账号", "Remember contact and account on this device");
    public string Forget => P("忘掉这台设备上的记录", "Forget me on this device");
    public string ForgetHint => P("删掉这台设备上记住的联系方式、充值账号和订单列表。凭订单号和联系方式仍能查到订单。",
        "Removes contact, accounts and the list of orders from this device. Orders can still be found by number and contact.");
    public string ContactWrong => P("填一个能用的手机号或邮箱，不然换台设备就查不到订单了。", "Enter a working phone number or e-mail address; without it the order cannot be found from another device.");
    public string Total => P("合计", "Total");
    public string Ordering => P("正在下单…", "Ordering …");
    public string BuyNow => P("立即购买", "Buy now");
    public string SoldOutHint => P("补货后会自动恢复购买。", "It can be bought again as soon as it is restocked.");
    public string FixFirst => P("还没下单，先改一下", "Not ordered yet; please correct");
    public string OfficialSite => P("官方网站", "Official site");
    public string AboutGoods => P("商品说明", "About");
    public string HowToRedeem => P("怎么兑换", "How to redeem");
    public string HowItArrives => P("怎么到账", "How it arrives");
    public string BeforeBuying => P("买前须知", "Before you buy");
    public string[] Promises(bool isTopUp) =>
    [
        isTopUp
            ? P("付款后自动充到账号，页面上能看到进度和流水号，不用注册。", "Topped up right after payment; the page shows the progress and the receipt. You need no account here.")
            : P("付款后几秒内在页面直接看卡密，不用注册。", "The code is on your screen seconds after payment; no account needed."),
        isTopUp
            ? P("充不上自动原路退款，不用找客服。", "If the top-up fails, the money goes back by itself.")
            : P("发不出货自动原路退款，不用找客服。", "If it cannot be delivered, the money goes back by itself."),
        isTopUp
            ? P("货款先进担保账户，充值成功后才结算给商家。", "Your money is held in escrow and reaches the shop only after the top-up.")
            : P("货款先进担保账户，发货后才结算给商家。", "Your money is held in escrow and reaches the shop only after delivery."),
    ];

    public string[] Notes(string region, bool isTopUp) => isTopUp ?
    [
        P("充值账号按你填的为准，付款前再核对一遍：充到别人账号上追不回来。", "It goes to the account you enter. Check it once more: a top-up of somebody else's account cannot be taken back."),
        P("充值成功后不退不换；没充上的钱会自动退回。", "A top-up that arrived cannot be returned; one that failed is refunded by itself."),
        P("付款页有倒计时，过时不付自动取消。", "An unpaid order lapses when the countdown on the payment page ends."),
    ] :
    [
        region is "GLOBAL" or ""
            ? P("兑换前请看清账号类型。", "Check that your account is of the right kind before redeeming.")
            : P($"只能在{Region(region)}账号兑换，先确认你的账号地区。", $"Redeems only on accounts of this region: {Region(region)}. Check yours first."),
        P("卡密看过之后，没有质量问题不退不换。", "Once a code has been shown, it is returned only if it is faulty."),
        P("下单后给你留货，付款页有倒计时，过时不付自动取消。", "Your goods are held while the countdown on the payment page runs; an unpaid order lapses by itself."),
    ];

    public string Refusal(OrderDecision.Refused refused) => refused switch
    {
        { Detail: "too_many_unpaid" } => P("你还有几单没付款，先付掉或取消，再来买。", "You have unpaid orders of this already. Please pay or cancel them first."),
        { Detail: "held_by_unpaid" } => P("剩下的正有人在付款，过几分钟再来看看。", "Others are just paying for what is left. Please look again in a few minutes."),
        _ => Refusal(refused.Why),
    };

    private string Refusal(Refusal why) => why switch
    {
        Lianka.Modules.Orders.Refusal.PriceMoved => P("刚刚调价了，页面上已经是新价格，看好再买。", "The price has just changed. The page shows the new one; please look again."),
        Lianka.Modules.Orders.Refusal.StockShort => P("库存不够这么多了，少买几张或换个规格。", "There is not enough stock left for that. Try fewer, or another choice."),
        Lianka.Modules.Orders.Refusal.NotOffered => P("这个规格刚刚下架，换一个看看。", "This choice has just been taken off the shelf. Please pick another."),
        Lianka.Modules.Orders.Refusal.QuantityOutOfRange => P("超过了单笔限购数量。", "That is more than one order may contain."),
        Lianka.Modules.Orders.Refusal.RiskBlocked => P("这笔订单没有通过安全检查，没有扣款。", "This order did not pass the security check. Nothing was charged."),
        _ => P("没有下成单，没有扣款，请再试一次。", "The order was not placed and nothing was charged. Please try again."),
    };

    public string TooManyTries => P("试得太频繁了，过一分钟再来。", "Too many attempts. Please wait a minute.");
    public string Busy => P("现在下单的人多，没有扣款，过几秒再按一次。", "Many people are buying right now. Nothing was charged; please press again in a few seconds.");
    public string BoughtAlready => P("刚才那单已经完成了。要再买一份，再按一次。", "Your last order is complete. To buy another one, press again.");

    private static string N(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A moment in Chinese time, which is named beside it: the buyer's zone is not known to the server.</summary>
    public string Moment(DateTimeOffset at) => at.ToOffset(_chinaTime).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    public string Clock(DateTimeOffset at) => at.ToOffset(_chinaTime).ToString("HH:mm", CultureInfo.InvariantCulture);
    public string ZoneName => P("北京时间", "China time");
}
