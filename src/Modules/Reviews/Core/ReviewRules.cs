using Lianka.Kernel;
using Lianka.Modules.Orders;

namespace Lianka.Modules.Reviews.Core;

/// <summary>What a review may be, and who may write one when. Pure.</summary>
/// <remarks>Held by: tests/Unit/Reviews/ReviewExamples.cs.</remarks>
internal static class ReviewRules
{
    public const int TextMax = 500;

    /// <summary>So long after it was written its buyer may change it.</summary>
    public static readonly TimeSpan ChangeWithin = TimeSpan.FromDays(30);

    /// <summary>A run of so many digits, whatever stands between them, is a number by which to reach somebody.</summary>
    private const int DigitsOfContact = 6;

    public static (string Text, IReadOnlyList<FieldError> Errors) Read(string field, string text, bool isRequired = false)
    {
        var check = new FieldCheck();
        text = check.Text(field, text, TextMax, lines: true);
        if (isRequired && text.Length == 0) check.Add(field, "required", "Fill this in.", "请填写此项。");
        return (text, check.Errors);
    }

    public static FieldError? CheckStars(long stars) =>
        stars is >= 1 and <= 5 ? null : new FieldError("stars", "out_of_range", "Choose one to five stars.", "请选 1 到 5 颗星。");

    /// <summary>Null: the buyer of this order may write now.</summary>
    /// <param name="earlier">What the buyer wrote already; null: nothing.</param>
    public static ReviewBar? BarOf(Order order, Review? earlier, DateTimeOffset now)
    {
        if (order.Status is not (OrderStatus.Delivered or OrderStatus.PartiallyDelivered))
            return order.Status == OrderStatus.Refunded ? ReviewBar.Refunded : ReviewBar.NotDelivered;
        // What was not delivered was given back already; whoever keeps one unit has something to judge.
        if (order.RefundedUnits == order.Quantity) return ReviewBar.Refunded;
        if (earlier is null) return null;
        if (earlier.State == ReviewStatus.Hidden) return ReviewBar.Hidden;
        return now > earlier.CreatedAt + ChangeWithin ? ReviewBar.TooOld : null;
    }

    /// <summary>Addresses and numbers lead away from the shop, or tell of people: a person reads such a text before others do.</summary>
    public static bool NeedsPerson(string text)
    {
        text = FullWidth.Narrow(text);
        if (text.Contains('@', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal)
            || text.Contains("www.", StringComparison.OrdinalIgnoreCase)) return true;
        var digits = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (c is not (' ' or '-' or '.' or '_')) digits = 0;
            if (digits >= DigitsOfContact) return true;
        }

        return false;
    }
}
