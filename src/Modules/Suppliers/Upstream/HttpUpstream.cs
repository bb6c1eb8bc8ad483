using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Suppliers.Upstream.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Suppliers.Upstream;

/// <summary>A supplier's system that a configuration describes.</summary>
/// <remarks>Held by: tests/Integration/Upstream/UpstreamTests.cs.</remarks>
internal sealed class HttpUpstream(HttpConfig config, Target target, GuardedHttp http, TimeProvider clock) : IUpstream, IUpstreamTrial
{
    public string Thanks => config.Notice?.Thanks ?? "";

    public Task<UpstreamAnswer> BuyAsync(UpstreamOrder order, CancellationToken cancel) => target.IsOff
        ? Task.FromResult<UpstreamAnswer>(new UpstreamAnswer.NotSent("The connection is off."))
        : AskAsync(config.Buy, order, isQuery: false, cancel);

    public Task<UpstreamAnswer> QueryAsync(UpstreamOrder order, CancellationToken cancel) => AskAsync(config.Query, order, isQuery: true, cancel);

    public UpstreamNews? Read(UpstreamNotice notice)
    {
        if (config.Notice is null || NoticeReader.Read(config.Notice, notice, target.Secrets) is not { } news) return null;
        return news with { Answer = target.Clean(news.Answer) };
    }

    public async Task<UpstreamExchange> TryAsync(UpstreamTrial trial, UpstreamOrder order, CancellationToken cancel)
    {
        var call = trial switch { UpstreamTrial.Balance => config.Balance, UpstreamTrial.Query => config.Query, _ => config.Buy };
        if (call is null) return new UpstreamExchange(null, null, null, null, "The configuration has no balance call.");
        var (planned, problem) = CallMaker.Make(call, Values(trial == UpstreamTrial.Balance ? null : order));
        if (planned is null) return new UpstreamExchange(null, null, null, null, target.Mask(problem));
        var request = target.Mask(Text(planned));
        if (trial == UpstreamTrial.Buy) return new UpstreamExchange(request, null, null, null, null);
        var outcome = await SendAsync(planned, cancel);
        if (outcome is not CallOutcome.Answered answered)
            return new UpstreamExchange(request, null, null, null, outcome is CallOutcome.NotSent n ? n.Why : ((CallOutcome.Lost)outcome).Why);
        var reading = trial == UpstreamTrial.Query ? target.Clean(AnswerReader.Read(call.Answer, answered.Status, answered.Body, order, isQuery: true)) : null;
        var balance = trial == UpstreamTrial.Balance ? AnswerReader.ReadBalance(call.Answer, answered.Status, answered.Body) : null;
        // Staff do not see cards, not even while they try a connection.
        var cards = WireJson.Read(answered.Body) is { } json ? AnswerReader.CardsIn(call.Answer.Cards, json) ?? [] : [];
        var shown = Target.Masked(target.Mask(Target.Text(answered)), cards.Select(c => c.Secret));
        return new UpstreamExchange(request, shown, WithoutCards(reading), balance, null);
    }

    internal static UpstreamAnswer? WithoutCards(UpstreamAnswer? answer) => answer is UpstreamAnswer.Succeeded s ? s with { Cards = [] } : answer;

    private async Task<UpstreamAnswer> AskAsync(HttpCall call, UpstreamOrder order, bool isQuery, CancellationToken cancel)
    {
        var (planned, problem) = CallMaker.Make(call, Values(order));
        if (planned is null) return target.Clean(isQuery ? new UpstreamAnswer.Unknown(problem) : new UpstreamAnswer.NotSent(problem));
        var outcome = await SendAsync(planned, cancel);
        return outcome is CallOutcome.Answered answered
            ? target.Clean(AnswerReader.Read(call.Answer, answered.Status, answered.Body, order, isQuery))
            : Target.WithoutAnswer(outcome, isQuery);
    }

    private CallValues Values(UpstreamOrder? order) =>
        new(order, target.Secrets, clock.GetUtcNow(), RandomNumberGenerator.GetHexString(32, lowercase: true), target.NoticeUrl);

    private async Task<CallOutcome> SendAsync(PlannedCall call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), target.BaseUrl + call.Address);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType);
        }

        foreach (var (name, value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.CallAsync(request, config.TimeLimit, cancel);
    }

    private string Text(PlannedCall call)
    {
        var text = new StringBuilder().Append(call.Method).Append(' ').Append(target.BaseUrl).Append(call.Address).Append('\n');
        if (call.Body is not null) text.Append("Content-Type: ").Append(call.ContentType).Append('\n');
        foreach (var (name, value) in call.Headers) text.Append(name).Append(": ").Append(value).Append('\n');
        return call.Body is null ? text.ToString() : text.Append('\n').Append(call.Body).ToString();
    }
}
