using Lianka.Modules.Reviews;

namespace Lianka.Modules.Storefronts;

// The words about reviews.
public sealed partial class Texts
{
    public string Reviews => P("买家评价", "Reviews");
    public string ReviewCount(long count) => P($"{N(count)} 条评价", count == 1 ? "1 review" : $"{N(count)} reviews");
    public string StarsOf(string average) => P($"{average} 分，满分 5 分", $"{average} out of 5");
    public string StarsWord(long stars) => P($"{stars} 星", stars == 1 ? "1 star" : $"{stars} stars");
    public string StarsMeaning(long stars) => stars switch
    {
        1 => P("很差", "Bad"),
        2 => P("较差", "Poor"),
        3 => P("一般", "Fair"),
        4 => P("满意", "Good"),
        _ => P("非常满意", "Excellent"),
    };
    public string NoReviews => P("还没有评价", "No reviews yet");
    public string ReviewPromise => P("只有在这家店买到这件商品的人能评价，一单一条；全额退款的订单不计入。", "Only people who bought this here can review it, once per order; fully refunded orders do not count.");
    public string MoreReviews => P("看更多评价", "More reviews");
    public string BackToProduct => P("回到商品", "Back to the product");
    public string Bought(string sku) => P($"已购：{sku}", $"Bought: {sku}");
    public string ReviewChanged => P("改过", "changed");
    public string ShopAnswers => P("店家回复", "The shop answers");

    // Writing one.
    public string WriteReview => P("评价这一单", "Review this order");
    public string ChangeReview => P("修改评价", "Change your review");
    public string ReviewInvites => P("东西用得怎么样？", "How was it?");
    public string YourReview => P("你的评价", "Your review");
    public string YourStars => P("打几星？", "How many stars?");
    public string ReviewText => P("说说买到的东西", "What was it like?");
    public string ReviewHint => P("最多 500 字，可以不写。别写卡密、账号和联系方式。", "At most 500 characters, or none. No codes, accounts or contact details, please.");
    public string SendReview => P("提交评价", "Send");
    public string BackToOrder => P("回到订单", "Back to the order");
    public string ReviewState(Review review) => review switch
    {
        { RefundedAt: not null } => P("这一单已全额退款，评价不再显示。", "This order was refunded in full; your review is no longer shown."),
        { State: ReviewStatus.Waiting } => P("里面像有联系方式或网址，要人工看过才显示。", "It seems to hold contact details or an address; a person reads it before it is shown."),
        { State: ReviewStatus.Hidden } => P($"平台没有显示这条评价：{review.Reason}", $"The platform does not show this review: {review.Reason}"),
        _ => P("已显示在商品页。", "It is shown on the product's page."),
    };
    public string ReviewBar(ReviewBar bar) => bar switch
    {
        Lianka.Modules.Reviews.ReviewBar.NotDelivered => P("货到了才能评价。", "You can review the goods once they have arrived."),
        Lianka.Modules.Reviews.ReviewBar.Refunded => P("这一单已全额退款，不能评价。", "This order was refunded in full and cannot be reviewed."),
        Lianka.Modules.Reviews.ReviewBar.Hidden => P("这条评价不能再改。", "This review cannot be changed any more."),
        _ => P("写了超过 30 天，不能再改。", "It was written more than 30 days ago and cannot be changed any more."),
    };
}
