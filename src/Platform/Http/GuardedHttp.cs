using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Lianka.Platform.Http;

/// <summary>How a call to a system outside ended, told apart by what the other side may have seen of it.</summary>
public abstract record CallOutcome
{
    private CallOutcome() { }

    public sealed record Answered(int Status, string ContentType, byte[] Body) : CallOutcome
    {
        /// <summary>By name, whatever its case; of several values the first.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    }

    /// <summary>Nothing of the request left this node.</summary>
    public sealed record NotSent(string Why) : CallOutcome;

    /// <summary>It may have arrived, or not; the answer did not.</summary>
    public sealed record Lost(string Why) : CallOutcome;
}

/// <summary>The one client for addresses that people outside this program have named (suppliers' systems, callbacks).</summary>
/// <remarks>
/// http and https only; the name is resolved here and the connection goes to an address that <see cref="AddressGuard"/> has
/// passed, so that a name cannot point elsewhere a moment later; no redirect, no cookie, no proxy; the answer has a limit of size
/// and of time. Nothing of a request is logged. A request with a body is never sent twice by this client; one without may be,
/// when a connection that was kept open has just been closed. Thread-safe.
/// Held by: tests/Integration/Edge/GuardedHttpTests.cs.
/// </remarks>
public sealed class GuardedHttp : IDisposable
{
    public const int BodyBytesMax = 1024 * 1024;

    private static readonly TimeSpan _connectLimit = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _invoker;
    private readonly bool _allowsPrivate;
    private readonly ConcurrentDictionary<IPEndPoint, bool> _alsoAllowed = [];

    public GuardedHttp(Settings settings)
    {
        _allowsPrivate = settings.AllowsPrivateCalls;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            // No trace header for strangers, and no span that would carry the address.
            ActivityHeadersPropagator = null,
            // Shorter than the time after which common servers close a quiet connection.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Allows one address and port more, whatever network it is in: a server that this node has started itself.</summary>
    public void AllowAlso(IPEndPoint place) => _alsoAllowed[place] = true;

    /// <summary>True for an address that this client would try.</summary>
    public static bool IsWebAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Host.Length > 0;

    /// <summary>Never throws for what the other side or the network does; a call that is cancelled is <see cref="CallOutcome.Lost"/>.</summary>
    /// <param name="limit">For the whole call, to the last byte of the answer.</param>
    /// <param name="bytesMax">Of an answer, unpacked; one that is longer is <see cref="CallOutcome.Lost"/>.</param>
    public async Task<CallOutcome> CallAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken cancel, int bytesMax = BodyBytesMax)
    {
        if (request.RequestUri is not { } uri || !IsWebAddress(uri.OriginalString)) return new CallOutcome.NotSent("Not an http address.");
        if (cancel.IsCancellationRequested) return new CallOutcome.NotSent("Stopped before it was sent.");
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(limit);
        try
        {
            using var response = await _invoker.SendAsync(request, time.Token);
            return await ReadAsync(response, bytesMax, time.Token) is { } body
                ? new CallOutcome.Answered((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", body)
                {
                    Headers = response.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase),
                }
                : new CallOutcome.Lost($"The answer ({(int)response.StatusCode}) is longer than {bytesMax} bytes.");
        }
        catch (HttpRequestException fault) when (IsBeforeSending(fault))
        {
            return new CallOutcome.NotSent(fault.InnerException is NotConnectedException no ? no.Message : "No connection.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException)
        {
            return new CallOutcome.Lost("The connection broke.");
        }
        catch (OperationCanceledException)
        {
            return new CallOutcome.Lost(cancel.IsCancellationRequested ? "Stopped while waiting." : $"No answer within {limit.TotalSeconds:0.#} s.");
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancel)
    {
        using var kept = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancel) is var read and > 0)
        {
            // Counted after unpacking: a small answer may unpack to a large one.
            if (kept.Length + read > bytesMax) return null;
            kept.Write(piece, 0, read);
        }

        return kept.ToArray();
    }

    private static bool IsBeforeSending(HttpRequestException fault) => fault.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(_connectLimit);
        var why = "The name is not known.";
        try
        {
            foreach (var address in await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, time.Token))
            {
                var place = new IPEndPoint(address, context.DnsEndPoint.Port);
                if (!AddressGuard.MayCall(address, _allowsPrivate) && !_alsoAllowed.ContainsKey(place))
                {
                    why = "The address is not one that this node may call.";
                    continue;
                }

                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(place, time.Token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch (SocketException)
                {
                    socket.Dispose();
                    why = "The connection was refused.";
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }
        }
        catch (SocketException)
        {
            // Of the resolver; the words above stand.
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            why = $"No connection within {_connectLimit.TotalSeconds:0} s.";
        }

        throw new NotConnectedException(why);
    }

    public void Dispose() => _invoker.Dispose();

    private sealed class NotConnectedException(string message) : IOException(message);
}
