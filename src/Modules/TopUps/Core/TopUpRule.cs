using Lianka.Kernel;
using Lianka.Modules.Payments;

namespace Lianka.Modules.TopUps.Core;

/// <summary>Whether a merchant may top up, and what it bears. Pure.</summary>
/// <remarks>Held by: tests/Unit/TopUps/TopUpExamples.cs.</remarks>
public static class TopUpRule
{
    /// <summary>So many may wait for their money at once: each may hold a part of a bonus budget.</summary>
    public const int OpenMax = 5;

    /// <param name="open">How many of the merchant's wait for their money.</param>
    /// <param name="today">What it has paid, or asked to pay, since midnight in China.</param>
    public static void Check(Money amount, TopUpTerms terms, long open, Money today, FieldCheck check)
    {
        if (amount < terms.Min) check.Add("amount", "below_minimum", $"At least {terms.Min.Text(2)}.", $"最少 {terms.Min.Text(2)}。");
        else if (amount > terms.Max) check.Add("amount", "above_maximum", $"At most {terms.Max.Text(2)} at a time.", $"单笔最多 {terms.Max.Text(2)}。");
        else if (today + amount > terms.DayMax)
        {
            var left = Money.Max(terms.DayMax - today, Money.Zero).Text(2);
            check.Add("amount", "above_daily_limit", $"At most {terms.DayMax.Text(2)} a day; {left} is left today.", $"每天最多 {terms.DayMax.Text(2)}，今天还可充 {left}。");
        }
        else if (open >= OpenMax)
            check.Add("amount", "too_many_open", $"{OpenMax} top-ups wait for their money already: pay one of them.", $"已有 {OpenMax} 笔待付款的充值，请先付其中一笔。");
    }

    /// <summary>What the merchant bears: never more than was agreed with it, and never more than the channel keeps. Rounded half away from zero to a fen.</summary>
    public static Money Fee(Money amount, long agreedBps, long channelBps) => ChannelFees.At(amount, Math.Min(agreedBps, channelBps));
}
