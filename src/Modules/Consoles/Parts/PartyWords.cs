using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The words for suppliers' applications, certificates and stops.</summary>
public static class PartyWords
{
    /// <summary>Why nothing of a supplier is offered, and what it can do about it.</summary>
    public static (string Text, string WhatToDo) Stop(string reason, Language language) => reason switch
    {
        StopReasons.Deposit => (language.Pick("保证金不足", "The deposit is too low"),
            language.Pick("补足保证金，到账入账后自动恢复。", "Top the deposit up; once it is booked, everything is offered again by itself.")),
        StopReasons.Licence => (language.Pick("营业执照已过期", "The business licence has run out"),
            language.Pick("上传新的营业执照，审核通过后自动恢复。", "Send the new licence; once it is approved, everything is offered again by itself.")),
        StopReasons.Grade => (language.Pick("评级为 E，已暂停", "Suspended for grade E"),
            language.Pick("看评级和原因；可以申诉。", "See the grade and why; you can appeal.")),
        _ => (reason, ""),
    };

    public static (string Text, string Tone) State(ApplicationState state, Language language) => state switch
    {
        ApplicationState.Waiting => (language.Pick("等审核", "Waiting"), "waiting"),
        ApplicationState.Returned => (language.Pick("已退回", "Returned"), "warning"),
        _ => (language.Pick("已通过", "Approved"), "ok"),
    };

    public static (string Text, string Tone) State(ReviewState state, Language language) => state switch
    {
        ReviewState.Waiting => (language.Pick("等审核", "Waiting"), "waiting"),
        ReviewState.Refused => (language.Pick("未通过", "Refused"), "error"),
        _ => (language.Pick("已通过", "Approved"), "ok"),
    };

    public static (string Text, string Tone) State(ProposalState state, Language language) => state switch
    {
        ProposalState.Waiting => (language.Pick("等审核", "Waiting"), "waiting"),
        ProposalState.Refused => (language.Pick("未通过", "Refused"), "error"),
        _ => (language.Pick("已通过", "Passed"), "ok"),
    };

    public static (string Text, string Tone) State(AppealState state, Language language) => state switch
    {
        AppealState.Waiting => (language.Pick("等处理", "Waiting"), "waiting"),
        AppealState.Refused => (language.Pick("未采纳", "Refused"), "error"),
        _ => (language.Pick("已恢复", "Granted"), "ok"),
    };

    public static string GradeTone(string grade) => grade switch { "A" or "B" => "ok", "E" => "error", _ => "warning" };

    /// <summary>What a grade came from, in a line.</summary>
    public static string Why(SupplierGrade grade, Language language) => language.Pick("近 30 天：", "In 30 days: ") + string.Join(language.Pick("；", "; "),
        grade.Parts.Where(p => p.Points is not null).Select(p => $"{Part(p.Kind, language)} {Figure(p, language)}"));

    public static string Part(GradePartKind kind, Language language) => kind switch
    {
        GradePartKind.Refunds => language.Pick("退款", "Refunds"),
        GradePartKind.Success => language.Pick("直充失败", "Failed purchases"),
        GradePartKind.Stock => language.Pick("虚报库存或价格", "Stock or price not as offered"),
        GradePartKind.Duplicates => language.Pick("导入重复", "Cards known before"),
        _ => language.Pick("直充耗时（95% 以内）", "95% of purchases within"),
    };

    /// <summary>The figure of a part: how many of how many, or how long.</summary>
    public static string Figure(GradePart part, Language language) => part.Kind == GradePartKind.Speed
        ? language.Pick($"{Seconds(part.Wrong)} 秒（{part.Of} 笔）", $"{Seconds(part.Wrong)} s (of {part.Of})")
        : $"{Show.Number(part.Wrong)} / {Show.Number(part.Of)}";

    /// <summary>What a grade brings about.</summary>
    /// <param name="grade">Null: no grade yet.</param>
    public static IEnumerable<string> Effects(string? grade, Language language)
    {
        var effect = GradeEffect.Of(grade);
        yield return effect.HoldSecondsMore == 0 ? language.Pick("结算等待：按约定，不延长", "Hold time: as agreed")
            : language.Pick($"结算等待：比约定的延长 {Show.Span(effect.HoldSecondsMore, language)}", $"Hold time: {Show.Span(effect.HoldSecondsMore, language)} longer than agreed");
        yield return language.Pick($"直充选路：毛利按 {Show.Percent(effect.WeightBps)} 计", $"Choosing among supplies of direct top-up: the margin counts {Show.Percent(effect.WeightBps)}");
        yield return effect.Place == 0 ? language.Pick("出货顺序：按优先级", "Drawn: by priority")
            : language.Pick("出货顺序：排在评级更好的货源之后", "Drawn: after supplies of better grades");
        if (grade == "E") yield return language.Pick("全部停售，可以申诉", "Everything is off; you can appeal");
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1_000m).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A certificate's badge: its review, and for an approved one whether it is valid at this moment.</summary>
    public static (string Text, string Tone) State(Certificate certificate, DateTimeOffset now, Language language)
    {
        if (certificate.State != ReviewState.Approved) return State(certificate.State, language);
        if (certificate.ValidTo <= now) return (language.Pick("已过期", "Has run out"), "error");
        if (certificate.ValidFrom > now) return (language.Pick("未到生效日", "Not valid yet"), "waiting");
        return certificate.ValidTo - now <= TimeSpan.FromDays(30)
            ? (language.Pick("快过期", "Runs out soon"), "warning") : (language.Pick("有效", "Valid"), "ok");
    }

    public static string Kind(Certificate certificate, IReadOnlyDictionary<long, Brand> brands, Language language) =>
        certificate.BrandId is not { } brand ? language.Pick("营业执照", "Business licence")
        : brands.TryGetValue(brand, out var b) ? language.Pick($"{b.NameZh} 授权", $"Authorisation of {b.NameEn}") : "—";

    /// <summary>The last day, or for ever.</summary>
    public static string Until(DateTimeOffset? to, Language language) =>
        to is { } end ? Show.Day(end.AddMicroseconds(-1)) : language.Pick("长期", "For ever");

    public static string Notice(Notice notice, Language language) => notice.Kind switch
    {
        NoticeKinds.DepositShort => language.Pick("保证金低于要求，供货已停；补足后自动恢复", "The deposit fell below what it has to cover; your goods are off until it is topped up"),
        NoticeKinds.Suspended => language.Pick("评级降到 E，供货已暂停；可以申诉", "Your grade fell to E and your goods are off; you can appeal"),
        NoticeKinds.AppealGranted => language.Pick("申诉已采纳，供货已恢复", "Your appeal is granted: your goods are offered again"),
        NoticeKinds.AppealRefused => language.Pick("申诉未采纳，理由见上", "Your appeal is refused; the reason stands above"),
        _ when notice.Kind.StartsWith("graded_", StringComparison.Ordinal) =>
            language.Pick($"评级降到 {notice.Kind[^1]}：", $"Your grade fell to {notice.Kind[^1]}. ") + Effects(notice.Kind[^1..], language).First(),
        NoticeKinds.CertificateExpired => language.Pick("证件已过期", "A certificate has run out"),
        _ when notice.Kind.StartsWith("certificate_", StringComparison.Ordinal) =>
            language.Pick($"证件 {notice.Kind["certificate_".Length..]} 天内到期，请上传新的", $"A certificate runs out within {notice.Kind["certificate_".Length..]} days: send the new one"),
        _ => notice.Kind,
    };
}
