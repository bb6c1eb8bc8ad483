namespace Lianka.Modules.Consoles.Core;

/// <summary>Browser and device in words that people know, from what the browser says of itself. Pure.</summary>
/// <param name="Browser">Null: none that is known.</param>
/// <param name="System">Null: none that is known.</param>
/// <remarks>For recognising one's own, never for deciding: anybody can say anything. Held by: tests/Unit/Consoles/DeviceExamples.cs.</remarks>
public sealed record Device(string? Browser, string? System)
{
    // The first that fits: most browsers also name those they descend from.
    private static readonly (string Sign, string Name)[] _browsers =
    [
        ("MicroMessenger/", "WeChat"), ("AlipayClient/", "Alipay"), ("DingTalk/", "DingTalk"), ("MQQBrowser/", "QQ Browser"), ("QQBrowser/", "QQ Browser"),
        ("UCBrowser/", "UC Browser"), ("HuaweiBrowser/", "Huawei Browser"), ("MiuiBrowser/", "Mi Browser"), ("HeyTapBrowser/", "OPPO Browser"),
        ("VivoBrowser/", "vivo Browser"), ("SamsungBrowser/", "Samsung Internet"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edg/", "Edge"),
        ("OPR/", "Opera"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] _systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    public static Device Of(string agent) => new(First(_browsers, agent), First(_systems, agent));

    private static string? First((string Sign, string Name)[] known, string agent) =>
        known.FirstOrDefault(k => agent.Contains(k.Sign, StringComparison.OrdinalIgnoreCase)).Name;
}
