using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lianka.Modules.Consoles.App;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>The application of one person.</summary>
internal sealed class ConsoleApp(HttpClient client) : IDisposable
{
    private string _token = "";

    public static async Task<ConsoleApp> OpenAsync(HttpWorld world, string login)
    {
        var client = world.NewClient();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var app = new ConsoleApp(client);
        app._token = Token(await client.GetStringAsync("/login"));
        using var form = new FormUrlEncodedContent([new("login", login), new("password", Visitor.Password), new("__RequestVerificationToken", app._token)]);
        using var answer = await client.PostAsync("/login", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        app._token = Token(await client.GetStringAsync("/console/password"));
        return app;
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(HttpMethod method, string path, object? body = null, bool withToken = true, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd(accept);
        if (withToken) request.Headers.Add("RequestVerificationToken", _token);
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonDocument.Parse(text).RootElement : default);
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string path) => AskAsync(HttpMethod.Get, path);

    public Task<(HttpStatusCode Status, JsonElement Answer)> PageAsync(string path) => AskAsync(HttpMethod.Get, path, accept: Face.Contents);

    /// <summary>The answer as it is, for files.</summary>
    public Task<HttpResponseMessage> RawAsync(string path) => client.GetAsync(path);

    public async Task<string> FirstEventAsync()
    {
        using var answer = await client.GetAsync("/console/api/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync()).ShouldBe("event: attention");
        return (await reader.ReadLineAsync())!["data: ".Length..];
    }

    private static string Token(string html)
    {
        var from = html.IndexOf("__RequestVerificationToken", StringComparison.Ordinal);
        from = html.IndexOf("value=\"", from, StringComparison.Ordinal) + 7;
        return html[from..html.IndexOf('"', from)];
    }

    public void Dispose() => client.Dispose();
}
