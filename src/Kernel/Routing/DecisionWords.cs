using System.Globalization;

namespace Lianka.Kernel.Routing;

/// <summary>A decision in a sentence, in both languages.</summary>
public static class DecisionWords
{
    /// <param name="name">How a candidate is called on the screen that shows it.</param>
    public static string En(Decision decision, Func<long, string> name)
    {
        var (chosen, other) = (name(decision.Chosen), Against(decision));
        var against = other is null ? "" : name(other.Value.Id);
        return decision.Why switch
        {
            Why.Only => $"{chosen}: no other can take it",
            Why.Cost => $"chose {chosen}: the cheapest; {RateEn(decision.Ranked[0])}",
            Why.Equal => $"chose {chosen}: as good as {against}, and its turn",
            Why.Rate => F($"chose {chosen}: {against} at {RateEn(other!.Value)}, reckoned at {other.Value.ExpectedBps / 100} %"),
            Why.Run => F($"chose {chosen}: {against} failed {other!.Value.Run} times in a row"),
            Why.Silence => F($"chose {chosen}: {against} leaves {other!.Value.Silent} orders without an answer"),
            Why.Paused when other!.Value.Run < 2 => F($"chose {chosen}: {against} is paused after failures ({RateEn(other.Value)})"),
            Why.Paused => F($"chose {chosen}: {against} is paused after {other!.Value.Run} failures in a row ({RateEn(other.Value)})"),
            Why.Time => F($"chose {chosen}: {against} takes {Seconds(other!.Value)} s, {chosen} {Seconds(decision.Ranked[0])} s"),
            Why.Grade => $"chose {chosen}: {against} has a worse grade",
            Why.Probe => $"tries {chosen}, to find out how it is now ({RateEn(decision.Ranked[0])})",
            Why.LeastBad => $"all are paused after failures; {chosen} is the least bad ({RateEn(decision.Ranked[0])})",
            _ => chosen,
        };
    }

    /// <inheritdoc cref="En"/>
    public static string Zh(Decision decision, Func<long, string> name)
    {
        var (chosen, other) = (name(decision.Chosen), Against(decision));
        var against = other is null ? "" : name(other.Value.Id);
        return decision.Why switch
        {
            Why.Only => $"{chosen}：没有其他可选",
            Why.Cost => $"选择 {chosen}：成本最低，{RateZh(decision.Ranked[0])}",
            Why.Equal => $"选择 {chosen}：与 {against} 相当，按优先级和权重轮到它",
            Why.Rate => F($"选择 {chosen}：{against} {RateZh(other!.Value)}，估计为 {other.Value.ExpectedBps / 100}%"),
            Why.Run => F($"选择 {chosen}：{against} 连续失败 {other!.Value.Run} 次"),
            Why.Silence => F($"选择 {chosen}：{against} 有 {other!.Value.Silent} 单超时未应答"),
            Why.Paused when other!.Value.Run < 2 => F($"选择 {chosen}：{against} 因失败暂停中（{RateZh(other.Value)}）"),
            Why.Paused => F($"选择 {chosen}：{against} 连续失败 {other!.Value.Run} 次，暂停中（{RateZh(other.Value)}）"),
            Why.Time => F($"选择 {chosen}：{against} 需 {Seconds(other!.Value)} 秒，{chosen} 需 {Seconds(decision.Ranked[0])} 秒"),
            Why.Grade => $"选择 {chosen}：{against} 评级较低",
            Why.Probe => $"试用 {chosen}，以了解其当前状况（{RateZh(decision.Ranked[0])}）",
            Why.LeastBad => $"全部因失败暂停；{chosen} 相对最好（{RateZh(decision.Ranked[0])}）",
            _ => chosen,
        };
    }

    private static Standing? Against(Decision decision)
    {
        foreach (var standing in decision.Ranked)
            if (standing.Id == decision.Instead) return standing;
        return null;
    }

    private static string RateEn(Standing s) => s.Of == 0 ? "no outcome yet" : F($"{s.Percent} % over the last {s.Of}");

    private static string RateZh(Standing s) => s.Of == 0 ? "尚无结果" : F($"近 {s.Of} 单成功率 {s.Percent}%");

    private static string Seconds(Standing s) => F($"{s.Milliseconds / 1_000.0:0.0}");

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
