using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lianka.SupplierSimulator;

/// <summary>Reading, signing and answering, written without a look at the program under test.</summary>
internal static class Wire
{
    private static readonly JsonSerializerOptions _php = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public static async Task<string> BodyAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(http.RequestAborted);
    }

    public static JsonObject? Json(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Text(JsonNode node) => node.ToJsonString(_php);

    public static string Text(JsonObject fields, string name) => fields[name] switch
    {
        null => "",
        JsonValue value => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
        var other => Text(other),
    };

    public static string SortedJson(JsonObject fields, params string[] except) => Text(new JsonObject(
        fields.Where(f => !except.Contains(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))));

#pragma warning disable CA5350, CA5351 // What the protocols ask for.
    public static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    public static string Sha1(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350, CA5351

    public static string Hmac(string key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));

    public static string Amount(decimal amount) => amount.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);

    public static async Task AnswerAsync(HttpContext http, JsonNode answer, int status = 200, Mood mood = Mood.Plain, int hangMs = 0)
    {
        switch (mood)
        {
            case Mood.Hang:
                await Task.Delay(hangMs, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                http.Abort();
                return;
            case Mood.Abort:
                http.Abort();
                return;
            case Mood.Error:
                await WriteAsync(http, 502, "text/html", "<html><h1>502 Bad Gateway</h1></html>");
                return;
            case Mood.Html:
                await WriteAsync(http, 200, "text/html", "<html><body>系统维护中</body></html>");
                return;
            default:
                var text = Text(answer);
                await WriteAsync(http, status, "application/json", mood == Mood.Twice ? text + text : text);
                return;
        }
    }

    public static Task WriteAsync(HttpContext http, int status, string type, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type + "; charset=utf-8";
        return http.Response.WriteAsync(text);
    }

    /// <summary>Sends an order's notice when the order is done, and again when it is reversed or was not taken.</summary>
    /// <param name="make">Body and headers at the moment of sending.</param>
    public static void Notify(Desk desk, SimOrder order, string thanks, Func<SimOrder, (string Body, Dictionary<string, string> Headers)> make)
    {
        if (desk.Behaviour.SendsNotices && order.NotifyUrl.Length > 0) _ = RunAsync();

        async Task RunAsync()
        {
            await UntilAsync(order.DoneAt);
            await SendAsync(order, thanks, make);
            if (desk.Chance(order.OwnNo, "duplicate-notice", desk.Behaviour.DuplicateNoticeBps)) await SendAsync(order, thanks, make);
            if (order.ReversedAt == DateTime.MaxValue) return;
            await UntilAsync(order.ReversedAt);
            await SendAsync(order, thanks, make);
        }

        static async Task UntilAsync(DateTime moment)
        {
            // A delay is in whole milliseconds and may end before the moment.
            while (moment - DateTime.UtcNow is { Ticks: > 0 } wait) await Task.Delay(wait + TimeSpan.FromMilliseconds(1));
        }
    }

    public static async Task SendAsync(SimOrder order, string thanks, Func<SimOrder, (string Body, Dictionary<string, string> Headers)> make)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var (body, headers) = make(order);
            using var request = new HttpRequestMessage(HttpMethod.Post, order.NotifyUrl) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            Interlocked.Increment(ref order.NoticesSent);
            try
            {
                using var answer = await _client.SendAsync(request);
                if (answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync() == thanks)
                {
                    Interlocked.Increment(ref order.NoticesTaken);
                    return;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                // Nobody there; tried again like an answer that is not the word.
            }

            await Task.Delay(TimeSpan.FromSeconds(1 << attempt));
        }
    }
}
