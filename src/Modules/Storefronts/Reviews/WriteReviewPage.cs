using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Reviews;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Reviews;

/// <summary>Where the buyer of an order says what it was like. Who may see the order may write: it knows the secret of its look-up, or it bought.</summary>
internal sealed class WriteReviewPage(OwnOrders own, BuyerOrders orders, ReviewDesk reviews) : OneOrderPage
{
    public Review? Earlier { get; private set; }
    public ReviewBar? Bar { get; private set; }
    public long Stars { get; private set; }
    public string Text { get; private set; } = "";
    public string? StarsProblem { get; private set; }
    public string? TextProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string order, CancellationToken cancel)
    {
        if (await LoadAsync(order, cancel) is { } other) return other;
        (Stars, Text) = (Earlier?.Stars ?? 0, Earlier?.Text ?? "");
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string order, string? stars, string? text, CancellationToken cancel)
    {
        if (await LoadAsync(order, cancel) is { } other) return other;
        Stars = long.TryParse(stars, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        Text = text ?? "";
        switch (await reviews.WriteAsync(Shop.Id, Order.Id, Stars, Text, cancel))
        {
            case ReviewDecision.Saved:
                return Redirect(Shop.Url($"/o/{Order.Id}/review"));
            case ReviewDecision.Refused refused:
                StarsProblem = ProblemOf("stars", refused.Errors);
                TextProblem = ProblemOf("text", refused.Errors);
                break;
            case ReviewDecision.Barred barred:
                Bar = barred.Why;
                break;
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task<IActionResult?> LoadAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        Earlier = await reviews.FindAsync(Order.Id, cancel: cancel);
        Bar = reviews.BarOf(Order, Earlier);
        Frame(Earlier is null ? T.WriteReview : T.YourReview);
        return null;
    }

    private string? ProblemOf(string field, IReadOnlyList<FieldError> errors) =>
        errors.FirstOrDefault(e => e.Field == field) is { } error ? Language.Pick(error.Zh, error.En) : null;
}
