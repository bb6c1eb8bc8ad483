using System.Net;
using System.Net.Sockets;
using System.Text;
using Lianka.Platform;
using Lianka.Platform.Http;

namespace Lianka.Tests.Integration.Edge;

/// <summary>What an address named by somebody else can make this node do.</summary>
public sealed class GuardedHttpTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private static GuardedHttp New(bool isPrivateAllowed = true) =>
        new(new Settings("", "", "sqlite", "none", new byte[32]) { AllowsPrivateCalls = isPrivateAllowed });

    [Fact]
    public async Task A_private_address_is_refused_whatever_it_is_called()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        using var http = New(isPrivateAllowed: false);
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1" })
        {
            (await CallAsync(http, $"http://{host}:{server.Port}/")).ShouldBeOfType<CallOutcome.NotSent>(host);
        }

        server.Calls.ShouldBe(0);
        using var allowed = New();
        Encoding.ASCII.GetString((await CallAsync(allowed, server.Address)).ShouldBeOfType<CallOutcome.Answered>().Body).ShouldBe("hi");
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed()
    {
        await using var server = new RawServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
        using var http = New();
        (await CallAsync(http, server.Address)).ShouldBeOfType<CallOutcome.Answered>().Status.ShouldBe(302);
    }

    [Fact]
    public async Task Refused_before_sending_and_lost_after_it_are_told_apart()
    {
        using var http = New();
        int free;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            free = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        (await CallAsync(http, $"http://127.0.0.1:{free}/")).ShouldBeOfType<CallOutcome.NotSent>();
        (await CallAsync(http, "http://no-such-name.invalid/")).ShouldBeOfType<CallOutcome.NotSent>();
        await using var breaks = new RawServer("");
        (await CallAsync(http, breaks.Address)).ShouldBeOfType<CallOutcome.Lost>();
        breaks.Calls.ShouldBe(1, "A request with a body is sent once.");
        await using var halves = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        (await CallAsync(http, halves.Address)).ShouldBeOfType<CallOutcome.Lost>();
    }

    [Fact]
    public async Task Too_late_and_too_long_are_lost()
    {
        using var http = New();
        await using var silent = new RawServer(null);
        (await CallAsync(http, silent.Address, TimeSpan.FromMilliseconds(200))).ShouldBeOfType<CallOutcome.Lost>();
        await using var chatty = new RawServer($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{new string('x', GuardedHttp.BodyBytesMax + 1)}");
        (await CallAsync(http, chatty.Address)).ShouldBeOfType<CallOutcome.Lost>();
    }

    private static async Task<CallOutcome> CallAsync(GuardedHttp http, string address, TimeSpan? limit = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("{}") };
        return await http.CallAsync(request, limit ?? _limit, CancellationToken.None);
    }

    /// <summary>Answers every request with the same bytes and hangs up; null: says nothing at all.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;
        private int _calls;

        public RawServer(string? answer)
        {
            _listener.Start();
            _serving = ServeAsync(answer);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
        public string Address => $"http://127.0.0.1:{Port}/";
        public int Calls => _calls;

        private async Task ServeAsync(string? answer)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    var stream = client.GetStream();
                    if (await stream.ReadAsync(new byte[4096], _stop.Token) == 0) continue;
                    Interlocked.Increment(ref _calls);
                    if (answer is null) await Task.Delay(Timeout.Infinite, _stop.Token);
                    else await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException)
            {
                // The end of the test, or a caller that hung up first.
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving;
            _listener.Stop();
            _stop.Dispose();
        }
    }
}
