using System.Net;
using Lianka.Modules.Consoles.App;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>A browser of its own, in English, that follows no redirect unless asked.</summary>
internal sealed class Visitor
{
    public const string Password = "a phrase of many words";

    private readonly HttpClient _client;

    public Visitor(HttpWorld world, string? agent = null)
    {
        _client = world.NewClient();
        _client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        _client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        if (agent is not null) _client.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
    }

    public static async Task<Visitor> LoggedInAsync(HttpWorld world, string login, string? agent = null)
    {
        var visitor = new Visitor(world, agent);
        (await visitor.LogInAsync(login, Password)).Status.ShouldBe(HttpStatusCode.Redirect, login);
        return visitor;
    }

    public async Task<Page> LogInAsync(string login, string password) =>
        await PostAsync(await GetAsync("/login"), "/login", ("login", login), ("password", password));

    public Task<Page> GetAsync(string path) => ReadAsync(_client.GetAsync(path), path);

    /// <summary>Sends a form with the token of the page it stood on.</summary>
    public async Task<Page> PostAsync(Page from, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", from.Field("__RequestVerificationToken")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await ReadAsync(_client.PostAsync(path, form), path);
    }

    /// <summary>Sends a form with a file in its field <c>file</c>.</summary>
    public Task<Page> PostFileAsync(Page from, string path, string fileName, byte[] content, params (string Name, string Value)[] fields) =>
        PostFileAsync(from, path, "file", fileName, content, fields);

    public async Task<Page> PostFileAsync(Page from, string path, string field, string fileName, byte[] content, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(from.Field("__RequestVerificationToken")), "__RequestVerificationToken");
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent(content), field, fileName);
        return await ReadAsync(_client.PostAsync(path, form), path);
    }

    /// <summary>What the console application is told of a page.</summary>
    public async Task<Page> ContentsAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(Face.Contents);
        return await ReadAsync(_client.SendAsync(request), path);
    }

    /// <summary>The answer itself, for what is not a page.</summary>
    public Task<HttpResponseMessage> RawAsync(string path) => _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public async Task<Page> PostWithoutTokenAsync(string path)
    {
        using var form = new FormUrlEncodedContent([]);
        return await ReadAsync(_client.PostAsync(path, form), path);
    }

    /// <summary>The address an answer sends the browser to; of others, the page's own.</summary>
    private static async Task<Page> ReadAsync(Task<HttpResponseMessage> answer, string path)
    {
        using var response = await answer;
        var at = response.Headers.Location ?? new Uri(path, UriKind.Relative);
        if (!at.IsAbsoluteUri) at = new Uri(response.RequestMessage!.RequestUri!, at);
        return new Page(response.StatusCode, at, await response.Content.ReadAsStringAsync());
    }
}
