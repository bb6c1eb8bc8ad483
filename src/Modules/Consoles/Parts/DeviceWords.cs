using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

internal static class DeviceWords
{
    public static string Name(string agent, Language language) => Device.Of(agent) switch
    {
        { Browser: { } browser, System: { } system } => language.Pick($"{system} 上的 {browser}", $"{browser} on {system}"),
        { Browser: { } browser } => browser,
        { System: { } system } => language.Pick($"{system} 设备", system),
        _ => language.Pick("不认识的设备", "An unknown device"),
    };
}
