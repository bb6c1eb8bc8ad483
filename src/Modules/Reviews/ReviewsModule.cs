using Lianka.Modules.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Reviews;

public static class ReviewsModule
{
    public static IServiceCollection AddReviews(this IServiceCollection services) => services
        .AddSingleton<ReviewDesk>()
        .AddSingleton<IRefundListener, ReviewRefunds>();
}
