using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Reviews.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Reviews;

/// <summary>The front door of Reviews. Whoever calls has made sure that it speaks for the buyer, the merchant or the operator.</summary>
/// <remarks>
/// One an order (primary key). Writing locks the order, and a full refund marks the review in its own transaction, so that none slips between the two.
/// Held by: tests/Integration/Reviews/ReviewTests.cs.
/// </remarks>
public sealed class ReviewDesk(Database database, OrderDesk orders, Catalog.Catalog catalog, TimeProvider clock)
{
    public const int PageSize = 20;

    private const string Columns =
        "select order_id, storefront_id, merchant_id, product_id, sku_id, stars, text, state, reason, decided_by, refunded_at, answer, answered_at, created_at, changed_at, version from review";

    // Spelled as in the index, which holds just these.
    private const string Shown = "storefront_id = @shop and product_id = @product and state = 'shown' and refunded_at is null";

    /// <summary>What the buyer of the order wrote; null: nothing.</summary>
    /// <param name="tenant">When given, a review of another merchant's order is as if it did not exist.</param>
    public Task<Review?> FindAsync(OrderId order, MerchantId? tenant = null, CancellationToken cancel = default) =>
        database.ReadAsync(s => FindAsync(s, order, tenant), cancel);

    /// <summary>Why the buyer of this order may not write (again) now; null: it may.</summary>
    public ReviewBar? BarOf(Order order, Review? earlier) => ReviewRules.BarOf(order, earlier, clock.Now());

    /// <summary>Writes the review of an order, or changes it. Forbidden words are refused, and a text with ways to reach somebody waits for a person.</summary>
    public async Task<ReviewDecision> WriteAsync(StorefrontId shop, OrderId order, long stars, string text, CancellationToken cancel = default)
    {
        var (fine, problems) = ReviewRules.Read("text", text);
        List<FieldError> errors = [.. problems];
        if (ReviewRules.CheckStars(stars) is { } wrong) errors.Insert(0, wrong);
        if (errors.Count > 0) return new ReviewDecision.Refused(errors);
        if (await orders.FindAsync(order) is not { } about || about.Storefront != shop) return new ReviewDecision.Missing();
        var sku = await catalog.FindSkuAsync(about.Sku, cancel) ?? throw new InvalidOperationException($"{about.Sku} is gone.");
        return await database.WriteAsync<ReviewDecision>(async s =>
        {
            if (await ForbiddenWords.FindAsync(s, [("text", fine)]) is { Count: > 0 } forbidden) return new ReviewDecision.Refused(forbidden);
            // Locked: a refund that comes meanwhile waits, and then finds the review to mark.
            about = (await OrderDesk.LockAsync(s, order))!;
            var (now, earlier) = (clock.Now(), await FindAsync(s, order));
            if (ReviewRules.BarOf(about, earlier, now) is { } bar) return new ReviewDecision.Barred(bar);
            var review = (earlier ?? new Review
            {
                OrderId = order, StorefrontId = shop, MerchantId = about.Merchant, ProductId = sku.ProductId, SkuId = sku.Id, CreatedAt = now,
            }) with { Stars = stars, Text = fine, State = ReviewRules.NeedsPerson(fine) ? ReviewStatus.Waiting : ReviewStatus.Shown, Reason = "", DecidedBy = "" };
            if (earlier is not null) review = review with { ChangedAt = now, Version = earlier.Version + 1 };
            await s.ExecuteAsync(
                """
                insert into review (order_id, storefront_id, merchant_id, product_id, sku_id, stars, text, state, created_at)
                values (@OrderId, @StorefrontId, @MerchantId, @ProductId, @SkuId, @Stars, @Text, @Word, @CreatedAt)
                on conflict (order_id) do update set stars = @Stars, text = @Text, state = @Word, reason = '', decided_by = '', changed_at = @ChangedAt, version = @Version
                """,
                new
                {
                    review.OrderId, review.StorefrontId, review.MerchantId, review.ProductId, review.SkuId, review.Stars, review.Text, Word = Word(review.State),
                    review.CreatedAt, review.ChangedAt, review.Version,
                });
            return new ReviewDecision.Saved(review);
        }, cancel);
    }

    /// <summary>What counts of a product in one shop; counted, not remembered.</summary>
    public async Task<Rating> RatingAsync(StorefrontId shop, ProductId product, CancellationToken cancel = default) => await database.ReadAsync(s => s.FirstAsync<RatingRow>(
        $"select count(*) as count, cast(coalesce(sum(stars), 0) as bigint) as stars from review where {Shown}", new { shop, product }), cancel) is { } row
        ? new Rating(row.Count, row.Stars) : new Rating(0, 0);

    /// <summary>The reviews that others see, of the newest orders first.</summary>
    /// <param name="before">The last order of the page before.</param>
    public Task<List<Review>> ShownAsync(StorefrontId shop, ProductId product, OrderId? before = null, int limit = PageSize, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Review>(
            $"{Columns} where {Shown} and order_id < @below order by order_id desc limit @limit", new { shop, product, below = before?.Value ?? long.MaxValue, limit }), cancel);

    /// <summary>For the consoles, of the newest orders first.</summary>
    /// <param name="merchant">The tenant; null: of all, for the operator.</param>
    public Task<List<Review>> ListAsync(MerchantId? merchant, bool waitingOnly = false, OrderId? before = null, int limit = 50, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Review>(
            $"""
            {Columns} where order_id < @below{(merchant is null ? "" : " and merchant_id = @merchant")}{(waitingOnly ? " and state = 'waiting'" : "")}
            order by order_id desc limit @limit
            """, new { merchant, below = before?.Value ?? long.MaxValue, limit }), cancel);

    /// <summary>The merchant's one answer. Forbidden words are refused here too.</summary>
    /// <returns>Missing when there is no review of this merchant's that others see, or it has an answer.</returns>
    public async Task<ReviewDecision> AnswerAsync(MerchantId merchant, OrderId order, string text, CancellationToken cancel = default)
    {
        var (fine, errors) = ReviewRules.Read("answer", text, isRequired: true);
        if (errors.Count > 0) return new ReviewDecision.Refused(errors);
        return await database.WriteAsync<ReviewDecision>(async s =>
        {
            if (await ForbiddenWords.FindAsync(s, [("answer", fine)]) is { Count: > 0 } forbidden) return new ReviewDecision.Refused(forbidden);
            var written = await s.ExecuteAsync(
                "update review set answer = @fine, answered_at = @Now where order_id = @order and merchant_id = @merchant and state = 'shown' and answered_at is null",
                new { fine, Now = clock.Now(), order, merchant });
            return written == 1 ? new ReviewDecision.Saved((await FindAsync(s, order))!) : new ReviewDecision.Missing();
        }, cancel);
    }

    /// <summary>A person of the operator shows a review or hides it, with a reason that its buyer and the merchant read.</summary>
    /// <param name="seen">The version that the person has read.</param>
    /// <returns>False when there is none of that version any more.</returns>
    public async Task<bool> DecideAsync(OrderId order, long seen, bool isShown, string reason, string actor, CancellationToken cancel = default) =>
        await database.WriteAsync(s => s.ExecuteAsync(
            "update review set state = @Word, reason = @reason, decided_by = @actor where order_id = @order and version = @seen",
            new { order, seen, Word = Word(isShown ? ReviewStatus.Shown : ReviewStatus.Hidden), reason, actor }), cancel) == 1;

    private static Task<Review?> FindAsync(Session session, OrderId order, MerchantId? tenant = null) =>
        session.FirstAsync<Review>($"{Columns} where order_id = @order{(tenant is null ? "" : " and merchant_id = @tenant")}", new { order, tenant });

    private static string Word(ReviewStatus state) => state switch { ReviewStatus.Shown => "shown", ReviewStatus.Waiting => "waiting", _ => "hidden" };

    private sealed record RatingRow
    {
        public long Count { get; init; }
        public long Stars { get; init; }
    }
}
