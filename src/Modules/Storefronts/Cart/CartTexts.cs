using Lianka.Kernel;

namespace Lianka.Modules.Storefronts;

// The words about the cart.
public sealed partial class Texts
{
    public string Cart => P("购物车", "Cart");
    public string AddToCart => P("加入购物车", "Add to cart");
    public string CartFull => P("购物车放不下了，先付掉或删掉几样。", "The cart is full. Please pay or remove some goods first.");
    public string CartPressOver => P("刚才那次已经结束了（付完或取消了），没有重新下单。还要买，再按一次。", "What you pressed before is over (paid or cancelled), and nothing was ordered now. To buy this, press again.");
    public string PartEnded => P("一起付款的有一样已经不在了，这一单不能再付，过时自动取消，没有扣款。要买请重新下单。", "Something that was to be paid with it is gone, so it cannot be paid any more and lapses by itself. Nothing was charged; please order again.");
    public string CartEmpty => P("购物车还是空的", "Your cart is empty");
    public string CartEmptyHint => P("在商品页点「加入购物车」，几样东西可以一次付款。", "Press “Add to cart” at the goods; several are paid at once.");
    public string GoShopping => P("去逛逛", "Look around");
    public string CartHint => P("一次付款，每样一个订单：分别发货，有问题分别退款。", "One payment; each of the goods is an order of its own, delivered and refunded by itself.");
    public string RemoveLine => P("删除", "Remove");
    public string RemoveOf(string goods) => P($"删除 {goods}", $"Remove {goods}");
    public string QuantityOf(string goods) => P($"{goods} 的数量", $"Quantity of {goods}");
    public string UpdateCart => P("更新数量", "Update quantities");
    public string KeepShopping => P("继续选购", "Continue shopping");
    public string TotalChanged(Money total) => P($"还没有下单：现在合计 ¥{total.Text(2)}，看好再按一次。", $"Not ordered yet: the total is now ¥{total.Text(2)}. Please look and press again.");
    public string LineGone => P("已下架，删掉再付款。", "No longer sold here; remove it to go on.");
    public string LineShort(long left) => left == 0 ? P("已售罄，删掉再付款。", "Sold out; remove it to go on.") : P($"只能买 {N(left)} 份，改少一点。", $"Only {N(left)} can be bought; please take fewer.");
    public string LineFields => P("要填的信息变了，删掉后重新加入。", "What has to be given has changed; remove it and add it again.");
    public string CartChanged => P("购物车在别的页面改过了，看好再付。", "The cart was changed on another page. Please look again.");
    public string CartRefused(string goods, string why) => P($"{goods}：{why}其他几样也没有下单。", $"{goods}: {why} Nothing else was ordered either.");
    public string PayCart(int count) => P($"去付款（{count} 样）", $"Go to payment ({count})");
    public string BackToCart => P("不付了，放回购物车", "Back to the cart");
    public string AndMore(string goods, int more) => P($"{goods} 等 {more + 1} 样", $"{goods} and {more} more");
    public string BoughtTogether => P("一起付款的", "Paid together");
}
