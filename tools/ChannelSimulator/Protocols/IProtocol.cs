namespace Lianka.ChannelSimulator.Protocols;

/// <summary>The server side of one payment protocol.</summary>
internal interface IProtocol
{
    /// <summary><c>wechat</c>, <c>alipay</c> …</summary>
    string Name { get; }

    /// <summary>The merchants that this channel knows, with everything that a client has to be told.</summary>
    IEnumerable<Identity> Identities { get; }

    void Map(IEndpointRouteBuilder routes);

    /// <summary>Makes the call to the merchant's notice address; null: this protocol does not tell of such things.</summary>
    HttpRequestMessage? Notice(Telling telling);

    /// <summary>Whether this answer stops the notices.</summary>
    bool IsThanks(int status, string body);

    /// <summary>A day's statement as the company's own console hands it out; null: it has none.</summary>
    (string Name, byte[] Content)? File(string merchant, DateOnly day) => null;

    /// <summary>Forgets what it keeps beside the trades.</summary>
    void Reset() { }

    /// <summary>Signs with a new key from now on.</summary>
    void Rotate();
}

/// <param name="Merchant">The number by which <see cref="Trade.Merchant"/> knows it.</param>
/// <param name="BaseUrl">Of the protocol, below the simulator's address.</param>
internal sealed record Identity(string Protocol, string Merchant, string BaseUrl, IReadOnlyDictionary<string, string> Values);

/// <summary>What a notice is to say, which may be untrue.</summary>
/// <param name="Refund">Null: about the payment.</param>
/// <param name="IsForged">Signed with a key that is not the channel's.</param>
internal sealed record Telling(
    Trade Trade, Refund? Refund, string Merchant, long Fen, string Currency, DateTimeOffset PaidAt, DateTimeOffset SentAt, string Url, bool IsForged);
