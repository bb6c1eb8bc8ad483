namespace Lianka.Modules.Suppliers.Upstream;

/// <summary>Configurations that come with the program, as they stand beside this file.</summary>
internal static class UpstreamTemplates
{
    public static readonly IReadOnlyList<UpstreamTemplate> All =
    [
        Of("kasushou", "卡速售 2.0", "Kasushou 2.0", UpstreamAdapters.Http, "https://", "1001"),
        Of("kayixin", "卡易信 3.0", "Kayixin 3.0", UpstreamAdapters.Http, "https://", "1001"),
        Of("fulu", "福禄开放平台", "Fulu open platform", UpstreamAdapters.Http, "https://openapi.fulu.com", "10000001"),
        Of("reloadly-airtime", "Reloadly 话费", "Reloadly airtime", UpstreamAdapters.Reloadly, "https://topups.reloadly.com", "341:5.00"),
        Of("reloadly-giftcards", "Reloadly 礼品卡", "Reloadly gift cards", UpstreamAdapters.Reloadly, "https://giftcards.reloadly.com", "10:25.00"),
    ];

    private static UpstreamTemplate Of(string name, string zh, string en, string adapter, string baseUrl, string goods)
    {
        using var stream = typeof(UpstreamTemplates).Assembly.GetManifestResourceStream($"upstream/{name}.json")
            ?? throw new InvalidOperationException($"The program lacks the template {name}.");
        using var reader = new StreamReader(stream);
        return new UpstreamTemplate(name, zh, en, adapter, baseUrl, goods, reader.ReadToEnd());
    }
}
