using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Lianka.Modules.OpenApi.Core;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>One kind of problem as problems.json describes it.</summary>
public sealed record Problem(
    string Code, int Status, bool Retryable, string TitleEn, string TitleZh, string DetailEn, string DetailZh);

/// <summary>All problems the API answers with (RFC 9457), in both languages; the only place that writes them.</summary>
internal static class ProblemBook
{
    public const string ContentType = "application/problem+json";

    private static readonly Dictionary<string, Problem> _problems = Load();

    public static IReadOnlyCollection<Problem> All => _problems.Values;

    public static Problem Get(string code) => _problems[code];

    public static bool TryGet(string code, [NotNullWhen(true)] out Problem? problem) => _problems.TryGetValue(code, out problem);

    /// <summary>Answers with a problem. Headers that were set before stay; nothing may have been written yet.</summary>
    public static Task WriteAsync(HttpContext http, string code, params IReadOnlyList<FieldProblem> errors)
    {
        var problem = _problems[code];
        var isChinese = ApiLanguage.Of(http.Request) == Language.Zh;
        http.Response.Headers.ContentLanguage = (isChinese ? Language.Zh : Language.En).Tag();
        http.Response.Headers.Vary = "Accept-Language";
        http.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.WriteAsync(http.Response, problem.Status, ContentType, (problem, http.TraceIdentifier, isChinese, errors), Write);
    }

    public static void Write(Utf8JsonWriter json, (Problem Problem, string RequestId, bool IsChinese, IReadOnlyList<FieldProblem> Errors) answer)
    {
        var (problem, requestId, isChinese, errors) = answer;
        json.WriteStartObject();
        json.WriteString("type"u8, $"/docs/errors/{problem.Code}");
        json.WriteString("title"u8, isChinese ? problem.TitleZh : problem.TitleEn);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, isChinese ? problem.DetailZh : problem.DetailEn);
        json.WriteString("code"u8, problem.Code);
        json.WriteBoolean("retryable"u8, problem.Retryable);
        json.WriteString("request_id"u8, requestId);
        json.WriteStartArray("errors"u8);
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("pointer"u8, error.Pointer);
            json.WriteString("code"u8, error.Code);
            json.WriteString("detail"u8, FieldProblemTexts.Text(error, isChinese));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Dictionary<string, Problem> Load()
    {
        using var resource = typeof(ProblemBook).Assembly.GetManifestResourceStream("problems.json")!;
        using var book = JsonDocument.Parse(resource);
        return book.RootElement.EnumerateObject().Select(entry => new Problem(
            entry.Name, entry.Value.GetProperty("status").GetInt32(), entry.Value.GetProperty("retryable").GetBoolean(),
            Text(entry, "title_en"), Text(entry, "title_zh"), Text(entry, "detail_en"), Text(entry, "detail_zh")))
            .ToDictionary(p => p.Code, StringComparer.Ordinal);

        static string Text(JsonProperty entry, string name) => entry.Value.GetProperty(name).GetString()!;
    }
}
