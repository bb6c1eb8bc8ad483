using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Lianka.Bench.Load;
using Ascii = Lianka.Bench.Orders.Ascii;

namespace Lianka.Bench.Flash;

/// <summary>Attempts in a flash sale: each ticket of the file once, and some of them a second time soon after.</summary>
/// <remarks>
/// Arguments: sale; out, a file that gets a line for each attempt that has to be followed up: "R ticket pay-address" reserved, "W ticket"
/// waiting; "S microseconds" the first time that sold out was said. patient: who has a place up to this one asks again.
/// Callers: the tickets.
/// </remarks>
internal sealed class FlashScript : IScript, IDisposable
{
    /// <summary>Of so many attempts, one is a second one with a ticket that was used already.</summary>
    public const int AgainEvery = 50;

    private const int TicketLength = 48;

    private readonly byte[] _head, _tickets;
    private readonly int[] _ticketOf;
    private readonly StreamWriter _out;
    private readonly Lock _gate = new();
    private readonly int _count;
    private readonly long _patient;
    private long _next = -1;
    private bool _isSoldOut;

    public FlashScript(LoadPlan plan)
    {
        _head = Encoding.ASCII.GetBytes(
            $"POST /api/v1/flash-sales/{plan.Arguments["sale"]}/attempts HTTP/1.1\r\nHost: {new Uri(plan.Target[0]).Authority}\r\nContent-Length: 0\r\nLianka-Ticket: ");
        var file = File.ReadAllBytes(plan.Callers);
        _count = file.Length / (TicketLength + 1);
        _tickets = file;
        _patient = long.Parse(plan.Arguments["patient"], CultureInfo.InvariantCulture);
        _ticketOf = new int[plan.Connections];
        _out = new StreamWriter(plan.Arguments["out"]) { AutoFlush = true };
    }

    /// <summary>All attempts that a run with so many tickets makes.</summary>
    public static long AttemptsOf(long tickets) => tickets + (tickets / AgainEvery);

    public int Write(int connection, Span<byte> buffer)
    {
        var no = Interlocked.Increment(ref _next);
        // Every fifty-first asks again with a ticket that was new a little earlier.
        var (round, at) = Math.DivRem(no, AgainEvery + 1);
        var ticket = (int)Math.Min(_count - 1, (round * AgainEvery) + (at == AgainEvery ? at / 2 : at));
        _ticketOf[connection] = ticket;
        var request = new Ascii(buffer);
        request.Add(_head);
        request.Add(_tickets.AsSpan(ticket * (TicketLength + 1), TicketLength));
        request.Add("\r\n\r\n"u8);
        return request.Length;
    }

    public bool Read(int connection, int status, ReadOnlySpan<byte> body)
    {
        switch (status)
        {
            case 201:
                Tell($"R {_ticketOf[connection]} {Text(body, "\"pay_url\":\""u8)}");
                break;
            case 202 when Place(body) <= _patient:
                Tell($"W {_ticketOf[connection]}");
                break;
            case 410 when !_isSoldOut:
                _isSoldOut = true;
                Tell(string.Create(CultureInfo.InvariantCulture, $"S {(DateTimeOffset.UtcNow.Ticks - DateTimeOffset.UnixEpoch.Ticks) / 10}"));
                break;
        }

        return false;
    }

    private static long Place(ReadOnlySpan<byte> body) =>
        Utf8Parser.TryParse(body[(body.IndexOf("\"place\":"u8) + 8)..], out long place, out _) ? place : long.MaxValue;

    private static string Text(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var rest = body[(body.IndexOf(name) + name.Length)..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'"')]);
    }

    public void Dispose() => _out.Dispose();

    private void Tell(string line)
    {
        lock (_gate) _out.WriteLine(line);
    }
}
