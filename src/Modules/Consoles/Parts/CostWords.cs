using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The words for costs that suppliers change.</summary>
internal static class CostWords
{
    public static (string Text, string Tone) State(CostChangeState state, Language language) => state switch
    {
        CostChangeState.Waiting => (language.Pick("等平台确认", "Waiting"), "waiting"),
        CostChangeState.Passed => (language.Pick("已生效", "In force"), "ok"),
        CostChangeState.Refused => (language.Pick("未通过", "Refused"), "error"),
        _ => (language.Pick("已被新的代替", "Replaced"), ""),
    };

    public static string Money(Kernel.Money? cost) => cost is { } known ? Show.Money(known) : "—";
}
