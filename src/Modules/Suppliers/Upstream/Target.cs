using System.Text;
using Lianka.Platform.Http;

namespace Lianka.Modules.Suppliers.Upstream;

/// <summary>A connection as its adapter sees it: opened secrets and all. Lives in memory only.</summary>
internal sealed record Target(string BaseUrl, IReadOnlyDictionary<string, string> Secrets, string NoticeUrl, bool IsOff)
{
    private const string Hidden = "••••";

    /// <summary>The same text without any of the secrets, in whichever way they were written.</summary>
    public string Mask(string text) => Masked(text, Secrets.Values);

    public static string Masked(string text, IEnumerable<string> secrets)
    {
        var ways = secrets.Where(s => s.Length > 0).SelectMany(s => new[] { s, Uri.EscapeDataString(s), s.Replace("\\", "\\\\").Replace("\"", "\\\"") });
        foreach (var way in ways.Distinct().OrderByDescending(s => s.Length)) text = text.Replace(way, Hidden, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Details of an answer may repeat what was sent; they are kept and shown, so they are masked.</summary>
    public UpstreamAnswer Clean(UpstreamAnswer answer) => answer switch
    {
        UpstreamAnswer.Failed f => f with { Detail = Mask(f.Detail) },
        UpstreamAnswer.Unknown u => u with { Detail = Mask(u.Detail) },
        UpstreamAnswer.NotSent n => n with { Detail = Mask(n.Detail) },
        _ => answer,
    };

    /// <summary>Not even sent: about a purchase that is certainty, about a question it is none.</summary>
    public static UpstreamAnswer WithoutAnswer(CallOutcome outcome, bool isQuery) => outcome switch
    {
        CallOutcome.NotSent n when !isQuery => new UpstreamAnswer.NotSent(n.Why),
        CallOutcome.NotSent n => new UpstreamAnswer.Unknown(n.Why),
        CallOutcome.Lost l => new UpstreamAnswer.Unknown(l.Why),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Text(CallOutcome.Answered answered)
    {
        var text = Encoding.UTF8.GetString(answered.Body);
        return $"HTTP {answered.Status} {answered.ContentType}\n\n{(text.Length <= 20_000 ? text : text[..20_000] + " …")}";
    }
}

/// <summary>An adapter that can be tried from the console.</summary>
internal interface IUpstreamTrial
{
    Task<UpstreamExchange> TryAsync(UpstreamTrial trial, UpstreamOrder order, CancellationToken cancel);
}
