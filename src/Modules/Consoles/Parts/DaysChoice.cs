using System.Globalization;
using Lianka.Modules.Analytics;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>How many days up to today a page of figures is about; it stands in the address.</summary>
internal static class DaysChoice
{
    public static readonly IReadOnlyList<int> All = [7, 30, 90];

    public static int Of(ConsolePage page) =>
        int.TryParse(page.Request.Query["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && All.Contains(days) ? days : 30;

    public static Days DaysOf(ConsolePage page) => Days.Until(DateOnly.FromDateTime(page.Now.ToOffset(Show.Zone).DateTime), Of(page));
}
