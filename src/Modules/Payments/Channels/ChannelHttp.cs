using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels;

/// <summary>Calls to channels: what is no answer becomes a <see cref="ChannelException"/>.</summary>
internal static class ChannelHttp
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>For files of statements.</summary>
    public static readonly TimeSpan FileLimit = TimeSpan.FromMinutes(2);

    /// <summary>Of a statement's file, unpacked: some 300,000 lines.</summary>
    public const int FileBytesMax = 128 * 1024 * 1024;

    /// <param name="what">For the message: create, query …</param>
    /// <exception cref="ChannelException">No answer, or one that says the channel is not well (429, 5xx).</exception>
    public static async Task<CallOutcome.Answered> AskAsync(
        this GuardedHttp http, HttpRequestMessage request, string what, CancellationToken cancel, TimeSpan? limit = null, int bytesMax = GuardedHttp.BodyBytesMax) =>
        await http.CallAsync(request, limit ?? Limit, cancel, bytesMax) switch
        {
            CallOutcome.Answered { Status: 429 or >= 500 } ill => throw new ChannelException($"The channel answered {ill.Status} to {what}."),
            CallOutcome.Answered answer => answer,
            CallOutcome.NotSent no => throw new ChannelException($"The channel cannot be reached for {what}: {no.Why}"),
            CallOutcome.Lost lost => throw new ChannelException($"The channel did not answer {what}: {lost.Why}"),
            var other => throw new InvalidOperationException(other.ToString()),
        };
}
