using Lianka.Kernel;

namespace Lianka.Modules.Compliance.Core;

/// <summary>What a real name must look like.</summary>
/// <remarks>Held by: tests/Unit/Compliance/RealNameExamples.cs.</remarks>
internal static class RealNameRules
{
    /// <returns>The draft as it is kept: trimmed, the number in capitals without spaces.</returns>
    public static (RealNameDraft Value, IReadOnlyList<FieldError> Errors) Check(RealNameDraft draft, DateOnly today)
    {
        var check = new FieldCheck();
        check.Defined("kind", draft.Kind);
        var number = string.Concat(FullWidth.Narrow(draft.Number).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        var value = new RealNameDraft(draft.Kind, check.Name("name", draft.Name, 120), number);
        if (draft.Kind == RealNameKind.Person && ResidentId.Problem("number", number, today) is { } problem) check.Add(problem);
        if (draft.Kind == RealNameKind.Company && !CreditCode.IsValid(number))
            check.Add("number", "bad_credit_code", "This is not a unified social credit code: 18 characters, the last of them a check digit.",
                "统一社会信用代码不对：应为 18 位，最后一位是校验码，请核对。");
        return (value, check.Errors);
    }

    public static string Compared(string name) => string.Concat(FullWidth.Narrow(name).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
}
