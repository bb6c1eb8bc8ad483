using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lianka.ChannelSimulator;

/// <summary>Reading and writing, without a look at the program under test.</summary>
internal static class Wire
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>China's time, which is all that the channels there write.</summary>
    public static readonly TimeSpan China = TimeSpan.FromHours(8);

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

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, _json);

    public static string Text(JsonNode? fields, string name) => (fields as JsonObject)?[name] switch
    {
        JsonValue value => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
        _ => "",
    };

    public static string Yuan(long fen) => string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:D2}");

    /// <summary>Zero for what is no amount of whole fen.</summary>
    public static long Fen(string yuan) => decimal.TryParse(yuan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * 100 == decimal.Truncate(value * 100)
        ? (long)(value * 100) : 0;

    public static string ChinaText(DateTimeOffset at) => at.ToOffset(China).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Rfc3339(DateTimeOffset at) => at.ToOffset(China).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <returns>Null when it is not such a time; the time is China's.</returns>
    public static DateTimeOffset? ReadChina(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new DateTimeOffset(time, China) : null;

    public static IResult Answer(object value, int status = 200) => Results.Json(value, _json, statusCode: status);
}
