using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lianka.Bench.Load;

namespace Lianka.Bench.Orders;

/// <summary>Signed orders, each with a client_order_no of its own.</summary>
/// <remarks>
/// Arguments: skus, merchants (how many of the callers and SKUs take part; 1 and 1 is the hot spot), price.
/// Written by hand because it runs beside what it measures: a request costs about three microseconds.
/// </remarks>
internal sealed class OrderScript : IScript
{
    private readonly (byte[] Key, byte[] Secret)[] _callers;
    private readonly int _skus;
    private readonly byte[] _host, _price, _tag;
    private long _count;
    private ulong _random = 0x9E3779B97F4A7C15;

    public OrderScript(LoadPlan plan)
    {
        var merchants = int.Parse(plan.Arguments["merchants"], CultureInfo.InvariantCulture);
        _callers = [.. File.ReadLines(plan.Callers).Take(merchants).Select(line => line.Split(' '))
            .Select(p => (Encoding.ASCII.GetBytes(p[0]), Encoding.ASCII.GetBytes(p[1])))];
        _skus = int.Parse(plan.Arguments["skus"], CultureInfo.InvariantCulture);
        (_host, _price, _tag) = (Encoding.ASCII.GetBytes(new Uri(plan.Target[0]).Authority), "50.0000"u8.ToArray(), Encoding.ASCII.GetBytes(plan.Tag));
    }

    public int Write(int connection, Span<byte> buffer)
    {
        var no = Interlocked.Increment(ref _count);
        var random = Random();
        var (key, secret) = _callers[(int)(random % (ulong)_callers.Length)];
        var sku = (int)((random >> 32) % (ulong)_skus);

        Span<byte> body = stackalloc byte[160];
        var text = new Ascii(body);
        text.Add("{\"client_order_no\":\""u8);
        text.Add(_tag);
        text.Add(no, 12);
        text.Add("\",\"sku\":\"b-"u8);
        text.Add(sku, 4);
        text.Add("\",\"quantity\":1,\"max_total\":\""u8);
        text.Add(_price);
        text.Add("\"}"u8);
        body = body[..text.Length];

        Span<byte> hash = stackalloc byte[32];
        Span<byte> mac = stackalloc byte[32];
        Span<byte> signed = stackalloc byte[256];
        var line = new Ascii(signed);
        line.Add("LK1\nPOST\n/api/v1/orders\n\n"u8);
        var time = line.Length;
        line.Add(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 10);
        line.Add("\n"u8);
        var nonce = line.Length;
        line.Add(_tag);
        line.Add(no, 16);
        var nonceEnd = line.Length;
        line.Add("\n"u8);
        SHA256.HashData(body, hash);
        line.AddHex(hash);
        HMACSHA256.HashData(secret, signed[..line.Length], mac);

        var request = new Ascii(buffer);
        request.Add("POST /api/v1/orders HTTP/1.1\r\nHost: "u8);
        request.Add(_host);
        request.Add("\r\nContent-Type: application/json\r\nContent-Length: "u8);
        request.Add(body.Length, 1);
        request.Add("\r\nLianka-Key: "u8);
        request.Add(key);
        request.Add("\r\nLianka-Timestamp: "u8);
        request.Add(signed[time..(time + 10)]);
        request.Add("\r\nLianka-Nonce: "u8);
        request.Add(signed[nonce..nonceEnd]);
        request.Add("\r\nLianka-Signature: v1="u8);
        request.AddHex(mac);
        request.Add("\r\n\r\n"u8);
        request.Add(body);
        return request.Length;
    }

    private ulong Random()
    {
        // splitmix64: each call its own step, also from several threads.
        var z = Interlocked.Add(ref _random, 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>Writes ASCII into a buffer that is large enough.</summary>
internal ref struct Ascii(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[Length..]);
        Length += text.Length;
    }

    /// <param name="digits">At least so many, with zeros in front.</param>
    public void Add(long number, int digits)
    {
        Span<byte> text = stackalloc byte[20];
        var at = text.Length;
        for (; number > 0 || text.Length - at < digits; number /= 10) text[--at] = (byte)('0' + (number % 10));
        Add(text[at..]);
    }

    public void AddHex(scoped ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, _buffer[Length..], out var written);
        Length += written;
    }
}
