using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Lianka.Modules.Payments.Channels.WeChat.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Payments.Channels.WeChat;

/// <summary>The keys with which WeChat Pay signs: its public key, which the merchant was given, and its platform certificates, which it hands out and changes. Thread-safe.</summary>
/// <param name="fetch">Asks for /v3/certificates; the answer's signature is checked here, because the key for that may be inside.</param>
internal sealed class WeChatPlatformKeys(WeChatTerms terms, Func<CancellationToken, Task<CallOutcome.Answered>> fetch, TimeProvider clock)
{
    private static readonly TimeSpan _afterSuccess = TimeSpan.FromMinutes(1), _afterFailure = TimeSpan.FromSeconds(5), _stale = TimeSpan.FromHours(12);

    private readonly Lock _gate = new();

    // One at a time: many callers may meet the same unknown serial at once.
    private Task _fetching = Task.CompletedTask;
    private volatile Kept _kept = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    private sealed record Certificate(RsaKey Key, DateTimeOffset From, DateTimeOffset Until);

    private sealed record Kept(Dictionary<string, Certificate> Certificates, DateTimeOffset At, DateTimeOffset NotBefore);

    /// <returns>Null when the serial is not known here, or its certificate is not in force.</returns>
    public RsaKey? Known(string serial)
    {
        if (serial.Length > 0 && serial == terms.PublicKeyId) return terms.PublicKey;
        var now = clock.GetUtcNow();
        return _kept.Certificates.TryGetValue(serial, out var certificate) && certificate.From <= now && now <= certificate.Until ? certificate.Key : null;
    }

    /// <summary>Also asks WeChat Pay, when the serial is new or what is known is old; at most once a minute, because anybody can write a serial under a notice.</summary>
    /// <exception cref="ChannelException">It had to be asked and did not answer.</exception>
    public async Task<RsaKey?> FindAsync(string serial, CancellationToken cancel)
    {
        if (IsPublicKeyId(serial)) return Known(serial);
        if (Known(serial) is { } known && clock.GetUtcNow() - _kept.At < _stale) return known;
        Task fetching;
        lock (_gate)
        {
            if (_fetching.IsCompleted)
            {
                var now = clock.GetUtcNow();
                if ((Known(serial) is not null && now - _kept.At < _stale) || now < _kept.NotBefore) return Known(serial);
                // What fails now is not asked again at once.
                _kept = _kept with { NotBefore = now + _afterFailure };
                _fetching = Task.Run(RenewAsync, CancellationToken.None);
            }

            fetching = _fetching;
        }

        try
        {
            await fetching.WaitAsync(cancel);
        }
        catch (ChannelException) when (Known(serial) is not null)
        {
            // Old, but not out of force.
        }

        return Known(serial);
    }

    private async Task RenewAsync()
    {
        var answer = await fetch(CancellationToken.None);
        var now = clock.GetUtcNow();
        _kept = new Kept(Read(answer, now), now, now + _afterSuccess);
    }

    /// <summary>Asks in the background, for the next notice under this serial.</summary>
    public void Want(string serial)
    {
        if (!IsPublicKeyId(serial) && clock.GetUtcNow() >= _kept.NotBefore) _ = TryAsync();

        async Task TryAsync()
        {
            try
            {
                await FindAsync(serial, CancellationToken.None);
            }
            catch (ChannelException)
            {
                // The notice comes again, and then this is tried again.
            }
        }
    }

    private static bool IsPublicKeyId(string serial) => serial.StartsWith("PUB_KEY_ID_", StringComparison.Ordinal);

    private Dictionary<string, Certificate> Read(CallOutcome.Answered answer, DateTimeOffset now)
    {
        if (answer.Status != 200 || WeChatJson.Read<WeChatCertificates>(answer.Body) is not { Data: { } entries })
            throw new ChannelException($"WeChat Pay gave no platform certificates ({answer.Status}).");
        var read = new Dictionary<string, Certificate>();
        foreach (var entry in entries)
        {
            // Only who has the APIv3 key can have sealed it.
            if (entry.SerialNo is not { Length: > 0 } serial || WeChatSeal.Open(terms.ApiKeys, entry.EncryptCertificate) is not { } pem || Parse(pem) is not { } certificate) continue;
            read[serial] = certificate;
        }

        var signed = WeChatHeaders.Of(answer.Headers);
        var key = signed is null ? null : read.GetValueOrDefault(signed.Serial)?.Key ?? Known(signed.Serial);
        return key is not null && signed!.IsGenuine(key, answer.Body, now) ? read : throw new ChannelException("The platform certificates are not signed by WeChat Pay.");
    }

    private static Certificate? Parse(byte[] pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(pem));
            return RsaKey.Public(Convert.ToBase64String(certificate.RawData)) is { } key
                ? new Certificate(key, new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
