using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lianka.Bench.Load;

namespace Lianka.Bench.Flash;

/// <summary>The buyers after their attempt: who waits asks again when told to, who reserved pays through the channel, some never.</summary>
internal sealed partial class Followers(Uri address, string sale, string[] tickets) : IDisposable
{
    /// <summary>Of so many who reserve in the first rush, one never pays.</summary>
    public const int NeverPaysEvery = 33;

    private readonly ConcurrentQueue<(int Ticket, string PayUrl)> _toPay = new();
    private readonly PriorityQueue<int, long> _toAsk = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _work = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 64 }) { BaseAddress = address };
    private int _paid, _reserved, _never;

    public Latencies Polls { get; } = new();
    /// <summary>How many will ask again.</summary>
    public int Asking
    {
        get
        {
            lock (_gate) return _toAsk.Count;
        }
    }

    public int Paid => _paid;
    public int Reserved => _reserved;
    public int NeverPaid => _never;

    /// <summary>Microseconds since 1970 when sold out was first said to an attempt; null: it was not.</summary>
    public long? FirstSoldOut { get; private set; }

    /// <summary>Everybody who reserves from now on pays.</summary>
    public bool AllPay { get; set; }

    public void Start(string file)
    {
        _work.Add(Task.Run(() => TailAsync(file)));
        for (var i = 0; i < 24; i++) _work.Add(Task.Run(AskAsync));
    }

    /// <summary>From now on those who reserved pay.</summary>
    public void StartPaying(int at)
    {
        for (var i = 0; i < at; i++) _work.Add(Task.Run(PayAsync));
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_work);
    }

    public void Dispose()
    {
        _http.Dispose();
        _end.Dispose();
    }

    private async Task TailAsync(string file)
    {
        while (!File.Exists(file) && !_end.IsCancellationRequested) await Task.Delay(50);
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var rest = "";
        while (!_end.IsCancellationRequested)
        {
            var text = rest + await reader.ReadToEndAsync();
            var lines = text.Split('\n');
            rest = lines[^1];
            foreach (var line in lines[..^1])
            {
                var parts = line.Split(' ');
                if (parts[0] == "S") FirstSoldOut = long.Parse(parts[1], CultureInfo.InvariantCulture);
                else if (parts[0] == "R") Reserve(int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
                else Later(int.Parse(parts[1], CultureInfo.InvariantCulture), 2);
            }

            await Task.Delay(50);
        }
    }

    private void Reserve(int ticket, string payUrl)
    {
        var no = Interlocked.Increment(ref _reserved);
        if (no % NeverPaysEvery == 0 && !AllPay) Interlocked.Increment(ref _never);
        else _toPay.Enqueue((ticket, payUrl));
    }

    private void Later(int ticket, long seconds)
    {
        lock (_gate) _toAsk.Enqueue(ticket, Environment.TickCount64 + (seconds * 1_000));
    }

    private async Task AskAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            int? ticket = null;
            lock (_gate)
                if (_toAsk.TryPeek(out var next, out var due) && due <= Environment.TickCount64)
                {
                    _toAsk.Dequeue();
                    ticket = next;
                }

            if (ticket is not { } one)
            {
                await Task.Delay(20);
                continue;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/flash-sales/{sale}/attempts/mine");
            request.Headers.TryAddWithoutValidation("Lianka-Ticket", tickets[one]);
            var start = Stopwatch.GetTimestamp();
            using var answer = await _http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            lock (_gate) Polls.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            using var json = JsonDocument.Parse(text);
            if (answer.StatusCode == HttpStatusCode.Accepted) Later(one, json.RootElement.GetProperty("poll_after").GetInt64());
            else if (answer.StatusCode == HttpStatusCode.Created) Reserve(one, json.RootElement.GetProperty("pay_url").GetString()!);
        }
    }

    private async Task PayAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            if (!_toPay.TryDequeue(out var order))
            {
                await Task.Delay(20);
                continue;
            }

            using var opened = await _http.GetAsync(new Uri(order.PayUrl, UriKind.Relative));
            if (opened.Headers.Location is not { } cashier || !cashier.OriginalString.StartsWith("/sim/", StringComparison.Ordinal)) continue;
            using var page = await _http.GetAsync(cashier);
            var token = TokenField().Match(await page.Content.ReadAsStringAsync()).Groups["token"].Value;
            using var press = new HttpRequestMessage(HttpMethod.Post, cashier)
            {
                Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("act", "Paid")]),
            };
            press.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
            using var pressed = await _http.SendAsync(press);
            if (pressed.StatusCode == HttpStatusCode.Redirect) Interlocked.Increment(ref _paid);
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TokenField();
}
