using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Suppliers.Upstream.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Suppliers.Upstream;

/// <summary>Reloadly's airtime and gift cards, by its public documentation: a token for an hour, and a number of ours that it takes once.</summary>
/// <remarks>Held by: tests/Integration/Upstream/ReloadlyTests.cs.</remarks>
internal sealed class ReloadlyUpstream(ReloadlyConfig config, Target target, GuardedHttp http, TimeProvider clock) : IUpstream, IUpstreamTrial
{
    private static readonly NoticeRule _notice = new(
        new SignRule(SignAlgorithm.HmacSha256, Parsed("{raw_body}:{header:X-Reloadly-Request-Timestamp}"), Parsed("{secret:webhook_secret}"), SignForm.HexLower),
        "X-Reloadly-Signature", null, new HashSet<string>(), IsHint: true,
        new AnswerRule { OwnNo = JsonPath.Parse("$.data.customIdentifier"), UpstreamNo = JsonPath.Parse("$.data.transactionId"), Always = UpstreamState.Accepted }, "ok");

    private readonly Lock _gate = new();
    private Task<(Token? Token, string? Problem)>? _renewal;
    private volatile Token? _token;

    private sealed record Token(string Value, DateTimeOffset Until);

    public string Thanks => _notice.Thanks;

    public UpstreamNews? Read(UpstreamNotice notice) => NoticeReader.Read(_notice, notice, target.Secrets);

    public async Task<UpstreamAnswer> BuyAsync(UpstreamOrder order, CancellationToken cancel)
    {
        if (target.IsOff) return new UpstreamAnswer.NotSent("The connection is off.");
        var (body, refused) = BodyOf(order);
        if (body is null) return refused!;
        var (outcome, tokenProblem) = await CallAsync(HttpMethod.Post, config.IsGiftCards ? "/orders" : "/topups", body, cancel);
        // Without a token nothing was bought, whatever became of the question for one.
        if (tokenProblem is not null) return target.Clean(new UpstreamAnswer.NotSent(tokenProblem));
        if (outcome is not CallOutcome.Answered answered) return Target.WithoutAnswer(outcome!, isQuery: false);
        var answer = ReloadlyAnswers.Read(config, answered.Status, answered.Body, order, isQuery: false);
        return target.Clean(await WithCardsAsync(answer, order, cancel));
    }

    public async Task<UpstreamAnswer> QueryAsync(UpstreamOrder order, CancellationToken cancel)
    {
        var (outcome, tokenProblem) = await CallAsync(HttpMethod.Get, QueryPath(order), null, cancel);
        if (tokenProblem is not null) return target.Clean(new UpstreamAnswer.Unknown(tokenProblem));
        if (outcome is not CallOutcome.Answered answered) return Target.WithoutAnswer(outcome!, isQuery: true);
        return target.Clean(await WithCardsAsync(Reading(answered, order), order, cancel));
    }

    public async Task<UpstreamExchange> TryAsync(UpstreamTrial trial, UpstreamOrder order, CancellationToken cancel)
    {
        var (path, body) = (trial == UpstreamTrial.Balance ? "/accounts/balance" : QueryPath(order), (string?)null);
        if (trial == UpstreamTrial.Buy)
        {
            (path, UpstreamAnswer? refused) = (config.IsGiftCards ? "/orders" : "/topups", null);
            (body, refused) = BodyOf(order);
            return body is null ? new UpstreamExchange(null, null, refused, null, null)
                : new UpstreamExchange($"POST {target.BaseUrl}{path}\nAuthorization: Bearer ••••\nAccept: {Accept}\n\n{target.Mask(body)}", null, null, null, null);
        }

        var request = $"GET {target.BaseUrl}{path}\nAuthorization: Bearer ••••\nAccept: {Accept}";
        var (outcome, tokenProblem) = await CallAsync(HttpMethod.Get, path, null, cancel);
        if (outcome is not CallOutcome.Answered answered)
            return new UpstreamExchange(request, null, null, null, tokenProblem ?? (outcome is CallOutcome.NotSent n ? n.Why : ((CallOutcome.Lost)outcome!).Why));
        var reading = trial == UpstreamTrial.Query ? target.Clean(Reading(answered, order)) : null;
        var pins = reading is UpstreamAnswer.Succeeded s ? s.Cards.Select(c => c.Secret) : [];
        var balance = trial == UpstreamTrial.Balance ? config.InYuan(WireJson.TextOf((WireJson.Read(answered.Body) as JsonObject)?["balance"])) : null;
        return new UpstreamExchange(request, Target.Masked(target.Mask(Target.Text(answered)), pins), HttpUpstream.WithoutCards(reading), balance, null);
    }

    private string Accept => $"application/com.reloadly.{(config.IsGiftCards ? "giftcards" : "topups")}-v1+json";

    private string QueryPath(UpstreamOrder order) => order.UpstreamNo is { } theirs
        ? config.IsGiftCards ? $"/orders/transactions/{Uri.EscapeDataString(theirs)}" : $"/topups/{Uri.EscapeDataString(theirs)}/status"
        : $"{(config.IsGiftCards ? "" : "/topups")}/reports/transactions?customIdentifier={order.OwnNo}&size=10&page=1";

    private UpstreamAnswer Reading(CallOutcome.Answered answered, UpstreamOrder order) => order.UpstreamNo is null
        ? ReloadlyAnswers.Search(config, answered.Status, answered.Body, order)
        : ReloadlyAnswers.Read(config, answered.Status, answered.Body, order, isQuery: true);

    private (string? Body, UpstreamAnswer? Refused) BodyOf(UpstreamOrder order)
    {
        if (!ReloadlyConfig.TryGoods(order.Goods, out var id, out var unit)) return (null, new UpstreamAnswer.NotSent($"The goods '{order.Goods}' are not written as 341:5.00."));
        // Its airtime call has no count: two top-ups of 5 are not one of 10.
        if (!config.IsGiftCards && order.Count != 1) return (null, new UpstreamAnswer.NotSent("Airtime is sent one unit at a time."));
        if (config.InYuan((unit * order.Count).ToString()) is not { } cost || cost > order.Cap) return (null, new UpstreamAnswer.Failed(UpstreamFault.Price, $"{unit * order.Count} {config.Currency} is above the cap of {order.Cap}."));
        var body = new JsonObject { [config.IsGiftCards ? "productId" : "operatorId"] = WireJson.Read(id), ["customIdentifier"] = order.OwnNo };
        if (config.IsGiftCards)
        {
            (body["quantity"], body["unitPrice"], body["senderName"]) = (order.Count, WireJson.Read(unit.Text(2)), config.SenderName);
            if (order.Fields.GetValueOrDefault("email") is { Length: > 0 } email) body["recipientEmail"] = email;
        }
        else
        {
            var (phone, country) = (order.Fields.GetValueOrDefault("account") ?? "", order.Fields.GetValueOrDefault("country") ?? config.Country);
            if (phone.Length == 0 || country.Length == 0) return (null, new UpstreamAnswer.NotSent(phone.Length == 0 ? "field:account is missing" : "field:country is missing"));
            (body["amount"], body["useLocalAmount"]) = (WireJson.Read(unit.Text(2)), false);
            body["recipientPhone"] = new JsonObject { ["countryCode"] = country, ["number"] = phone };
        }

        return (WireJson.Write(body), null);
    }

    private async Task<UpstreamAnswer> WithCardsAsync(UpstreamAnswer answer, UpstreamOrder order, CancellationToken cancel)
    {
        if (!config.IsGiftCards || answer is not UpstreamAnswer.Succeeded { UpstreamNo: { } number } success) return answer;
        var (outcome, _) = await CallAsync(HttpMethod.Get, $"/orders/transactions/{Uri.EscapeDataString(number)}/cards", null, cancel);
        // Bought and paid, and the cards are not here yet: they are asked for again.
        if (outcome is not CallOutcome.Answered answered || ReloadlyAnswers.Cards(answered.Status, answered.Body) is not { Count: > 0 } cards) return new UpstreamAnswer.Accepted(number);
        return cards.Count > order.Count ? new UpstreamAnswer.Unknown($"{cards.Count} cards for {order.Count}.")
            : success with { Cards = cards, Delivered = cards.Count == order.Count ? null : cards.Count };
    }

    private async Task<(CallOutcome? Outcome, string? TokenProblem)> CallAsync(HttpMethod method, string path, string? body, CancellationToken cancel)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            var (token, problem) = await TokenAsync(cancel);
            if (token is null) return (null, problem);
            using var request = new HttpRequestMessage(method, target.BaseUrl + path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            request.Headers.TryAddWithoutValidation("Accept", Accept);
            if (body is not null) request.Content = Json(body);
            var outcome = await http.CallAsync(request, config.TimeLimit, cancel);
            // Refused for its token, a purchase was not looked at: a new token may carry it.
            if (outcome is not CallOutcome.Answered { Status: 401 } || isSecond) return (outcome, null);
            Interlocked.CompareExchange(ref _token, null, token);
        }
    }

    /// <summary>Many calls that find no token ask for one together.</summary>
    private async Task<(Token? Token, string? Problem)> TokenAsync(CancellationToken cancel)
    {
        Task<(Token? Token, string? Problem)> renewal;
        lock (_gate)
        {
            if (_token is { } kept && kept.Until > clock.GetUtcNow()) return (kept, null);
            if (_renewal is null or { IsCompleted: true }) _renewal = RenewAsync();
            renewal = _renewal;
        }

        try
        {
            return await renewal.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return (null, "Stopped before it was sent.");
        }
    }

    private async Task<(Token? Token, string? Problem)> RenewAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{config.AuthUrl}/oauth/token");
        request.Content = Json(WireJson.Write(new JsonObject
        {
            ["client_id"] = target.Secrets.GetValueOrDefault("client_id"), ["client_secret"] = target.Secrets.GetValueOrDefault("client_secret"),
            ["grant_type"] = "client_credentials", ["audience"] = target.BaseUrl,
        }));
        var outcome = await http.CallAsync(request, config.TimeLimit, CancellationToken.None);
        if (outcome is not CallOutcome.Answered answered) return (null, $"No token: {(outcome is CallOutcome.NotSent n ? n.Why : ((CallOutcome.Lost)outcome).Why)}");
        var told = WireJson.Read(answered.Body) as JsonObject;
        if (answered.Status != 200 || WireJson.TextOf(told?["access_token"]) is not { Length: > 0 } value || !long.TryParse(WireJson.TextOf(told!["expires_in"]), out var seconds))
            return (null, $"No token: HTTP {answered.Status} {WireJson.TextOf(told?["message"])}".TrimEnd());
        var token = new Token(value, clock.GetUtcNow().AddSeconds(Math.Clamp(seconds, 60, 86_400) - 60));
        _token = token;
        return (token, null);
    }

    private static ByteArrayContent Json(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static Template Parsed(string text) => Template.Parse(text, NoticeReader.Holes, out _) ?? throw new InvalidOperationException(text);
}
