using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Compliance;

namespace Lianka.Modules.Withdrawals.Core;

/// <summary>How a merchant stands at the moment of its request.</summary>
/// <param name="Balance">Of the account that is drawn on; a credit line is no part of it.</param>
/// <param name="Held">Of it, set aside for something else.</param>
/// <param name="Owed">What the merchant owes the platform.</param>
/// <param name="Used">Asked for today and this month, and neither refused nor failed.</param>
internal sealed record Position(
    Money Balance, Money Held, Money Owed, Used Used, RealName? Name, Payee? Payee, SecurityChange? LastChange, DateTimeOffset Now);

internal sealed record Used(Money Day, long DayCount, Money Month, long MonthCount);

/// <summary>How much may leave, what it costs, and what stands in the way.</summary>
/// <remarks>Held by: tests/Unit/Withdrawals/WithdrawalExamples.cs, WithdrawalProperties.cs.</remarks>
internal static class WithdrawalRule
{
    public const int KeyMax = 64;

    /// <summary>Days and months of limits are China's.</summary>
    private static readonly TimeSpan _zone = TimeSpan.FromHours(8);

    public static (DateTimeOffset Day, DateTimeOffset Month) PeriodsOf(DateTimeOffset now)
    {
        var local = now.ToOffset(_zone);
        return (new DateTimeOffset(local.Year, local.Month, local.Day, 0, 0, 0, _zone), new DateTimeOffset(local.Year, local.Month, 1, 0, 0, 0, _zone));
    }

    /// <summary>The operator's fee: the rate up to the next fen, and at least the minimum.</summary>
    public static Money Fee(WithdrawalTerms terms, Money amount)
    {
        // Rounded once: of 2,000.01 at 0.1 %, 2.00001 yuan, the fee is 2.01.
        const long whole = 10_000 * Money.UnitsPerFen;
        return Money.Max(terms.FeeLeast, new Money(checked((long)((((Int128)amount.Units * terms.FeeBps) + whole - 1) / whole * Money.UnitsPerFen))));
    }

    public static long ApprovalsNeeded(WithdrawalTerms terms, Money amount) => amount > terms.TwoPersonsAbove ? 2 : 1;

    public static Withdrawable Of(WithdrawalTerms terms, Position position)
    {
        var free = Money.Max(Money.Zero, position.Balance - position.Held - position.Owed);
        var (blocks, bounds) = (new List<FieldError>(), new List<FieldError>());
        Parts(position, bounds);
        var limits = position.Name is { Kind: RealNameKind.Company } ? terms.Company : terms.Person;
        Blocks(terms, limits, position, blocks);

        // Banks move whole fen: what is below stays.
        var most = new Money(free.Units / Money.UnitsPerFen * Money.UnitsPerFen);
        Bound(limits.Each, "each", $"At most {limits.Each.Text(2)} at once.", $"单笔最多 {limits.Each.Text(2)}。");
        Bound(limits.Day - position.Used.Day, "day", $"At most {limits.Day.Text(2)} a day; {position.Used.Day.Text(2)} were asked for today.",
            $"每天最多 {limits.Day.Text(2)}，今天已申请 {position.Used.Day.Text(2)}。");
        Bound(limits.Month - position.Used.Month, "month", $"At most {limits.Month.Text(2)} a month; {position.Used.Month.Text(2)} were asked for this month.",
            $"每月最多 {limits.Month.Text(2)}，本月已申请 {position.Used.Month.Text(2)}。");
        if (most < terms.Least)
            blocks.Add(new("amount", "below_least", $"A withdrawal is at least {terms.Least.Text(2)}; {most.Text(2)} could leave now.",
                $"最低提现 {terms.Least.Text(2)}，现在只有 {most.Text(2)} 可提。"));
        return new Withdrawable(position.Balance, free, blocks.Count > 0 ? Money.Zero : most, blocks, bounds);

        void Bound(Money left, string code, string en, string zh)
        {
            if (left >= most) return;
            most = Money.Max(Money.Zero, left);
            bounds.Add(new("amount", code, en, zh));
        }
    }

    /// <summary>Everything that is wrong with a request; none: it may be made.</summary>
    public static IReadOnlyList<FieldError> Check(WithdrawalTerms terms, Position position, Money amount, string key)
    {
        var check = new FieldCheck();
        if (key.Length is 0 or > KeyMax) check.Add("key", "bad_key", $"A key of 1 to {KeyMax} characters.", $"键为 1 到 {KeyMax} 个字符。");
        var able = Of(terms, position);
        foreach (var block in able.Blocks) check.Add(block);
        if (check.Errors.Count > 0) return check.Errors;
        if (!amount.IsPositive) check.Add("amount", "not_positive", "It must be above 0.", "要大于 0。");
        else if (!amount.IsWholeFen) check.Add("amount", "not_whole_fen", "Banks move whole fen: at most two decimals.", "银行只付到分，最多两位小数。");
        else if (amount < terms.Least) check.Add("amount", "below_least", $"A withdrawal is at least {terms.Least.Text(2)}.", $"最低提现 {terms.Least.Text(2)}。");
        else if (amount > able.Most)
        {
            // The last bound is the narrowest.
            var why = able.Bounds.Count > 0 ? able.Bounds[^1] : null;
            check.Add("amount", "above_most", $"At most {able.Most.Text(2)} now. {why?.En}".TrimEnd(), $"现在最多可提 {able.Most.Text(2)}。{why?.Zh}");
        }

        return check.Errors;
    }

    /// <summary>What of the balance does not count.</summary>
    private static void Parts(Position position, List<FieldError> bounds)
    {
        if (position.Held.IsPositive) bounds.Add(new("amount", "held", $"{position.Held} are held.", $"{position.Held} 已冻结。"));
        if (position.Owed.IsPositive) bounds.Add(new("amount", "owed", $"{position.Owed} are owed to the platform.", $"欠平台 {position.Owed}，要先还清。"));
    }

    private static void Blocks(WithdrawalTerms terms, WithdrawalLimits limits, Position position, List<FieldError> blocks)
    {
        if (position.Name is not { State: RealNameState.Verified } name)
            blocks.Add(new("real_name", "no_real_name", "Enter your real name, and wait until it is verified.", "请先提交实名认证，通过后才能提现。"));
        else if (position.Payee is null)
            blocks.Add(new("payee", "no_payee", "Enter the account that the money goes to.", "请先填写收款账户。"));
        else if (!name.IsOf(position.Payee.Holder))
            blocks.Add(new("payee", "name_differs", "The account's holder is not the verified real name: enter an account of your own.", "收款户名和实名不一致，请更换成本人（本公司）的账户。"));
        if (position.LastChange is { } change && change.At + TimeSpan.FromHours((int)terms.CoolDownHours) is var end && position.Now < end)
        {
            var at = end.ToOffset(_zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            var (en, zh) = change.Kind switch
            {
                "password" => ("The password was changed", "刚改过密码"),
                "login" => ("A log-in was added", "刚新增了登录账号"),
                "passkey" => ("A passkey was added", "刚新增了通行密钥"),
                "payee" => ("The account for withdrawals was changed", "刚改过收款账户"),
                _ => ("The real name was changed", "实名信息刚有变更"),
            };
            blocks.Add(new("amount", "cool_down", $"{en}. To keep your money safe, withdrawals are possible again from {at} (Beijing time).", $"{zh}。为了资金安全，{at}（北京时间）之后才能提现。"));
        }

        if (position.Used.DayCount >= limits.DayCount)
            blocks.Add(new("amount", "day_count", $"At most {limits.DayCount} withdrawals a day: go on tomorrow.", $"每天最多提现 {limits.DayCount} 次，请明天再来。"));
        if (position.Used.MonthCount >= limits.MonthCount)
            blocks.Add(new("amount", "month_count", $"At most {limits.MonthCount} withdrawals a month: go on next month.", $"每月最多提现 {limits.MonthCount} 次，请下个月再来。"));
    }
}
