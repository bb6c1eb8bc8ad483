using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lianka.Bench.Load;

/// <summary>Writes the requests of a run and may look at the answers. Called by one thread at a time for a connection.</summary>
internal interface IScript
{
    /// <summary>Writes the next request of this connection.</summary>
    /// <returns>Its length; 0: there is nothing left to send.</returns>
    int Write(int connection, Span<byte> buffer);

    /// <param name="body">The body of the answer.</param>
    /// <returns>True: <see cref="Write"/> shall be called again at once for a request that belongs to the same arrival.</returns>
    bool Read(int connection, int status, ReadOnlySpan<byte> body) => false;
}

/// <summary>Sends HTTP/1.1 over kept connections, one request at a time on each, and times the answers.</summary>
/// <remarks>
/// Latencies of an open loop count from the moment at which the request was due, also while it waits for a free
/// connection: a slow server cannot hide behind a generator that politely waits.
/// </remarks>
internal sealed class Generator : IDisposable
{
    private readonly LoadPlan _plan;
    private readonly IScript _script;
    private readonly Link[] _links;
    private readonly Lock _gate = new();
    private readonly Stack<Link> _free = [];
    private readonly Queue<long> _waiting = [];
    private readonly Dictionary<int, Latencies> _byStatus = [];
    private readonly Dictionary<int, string> _samples = [];
    private readonly Latencies _all = new(), _lag = new();
    private readonly TaskCompletionSource _allSent = new();
    private long _measureFrom = long.MaxValue, _measureTo = long.MaxValue;
    private long _sent;
    private volatile bool _stopped;

    public Generator(LoadPlan plan, IScript script)
    {
        (_plan, _script) = (plan, script);
        _links = new Link[plan.Connections];
        for (var i = 0; i < _links.Length; i++) _links[i] = new Link(this, i, new Uri(plan.Target[i % plan.Target.Length]));
    }

    public LoadResult Run()
    {
        foreach (var link in _links) link.Connect();
        var begin = Stopwatch.GetTimestamp();
        _measureFrom = begin + Ticks(_plan.WarmSeconds);
        _measureTo = _measureFrom + Ticks(_plan.Seconds);
        var cpu = TimeSpan.Zero;
        using var timer = new Timer(_ => cpu = Environment.CpuUsage.TotalTime, null, TimeSpan.FromSeconds(_plan.WarmSeconds), Timeout.InfiniteTimeSpan);
        if (_plan.Rate > 0)
        {
            foreach (var link in _links) _free.Push(link);
            Schedule(begin);
        }
        else
        {
            foreach (var link in _links) link.Start(Stopwatch.GetTimestamp());
            var left = TimeSpan.FromSeconds(_plan.WarmSeconds + _plan.Seconds);
            if (_plan.Most > 0) _allSent.Task.Wait(left);
            else Thread.Sleep(left);
        }

        var end = Math.Min(Stopwatch.GetTimestamp(), _measureTo);
        var used = Environment.CpuUsage.TotalTime - cpu;
        Thread.Sleep(_plan.Rate > 0 ? 1_000 : 50); // The last answers.
        _stopped = true;
        lock (_gate)
        {
            return new LoadResult(
                (end - _measureFrom) / (double)Stopwatch.Frequency, _byStatus.ToDictionary(s => s.Key, s => s.Value.Total), _all, _byStatus,
                _lag, used.TotalSeconds, _waiting.Count, _samples.ToDictionary(s => $"{s.Key}", s => s.Value));
        }
    }

    public void Dispose()
    {
        foreach (var link in _links) link.Dispose();
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    /// <summary>Sends by the clock: every arrival has its moment, whether a connection is free or not.</summary>
    private void Schedule(long begin)
    {
        var step = Stopwatch.Frequency / _plan.Rate;
        for (long sent = 0; _plan.Most == 0 || sent < _plan.Most;)
        {
            var now = Stopwatch.GetTimestamp();
            if (now >= _measureTo) return;
            var due = Math.Min((long)((now - begin) / step), _plan.Most == 0 ? long.MaxValue : _plan.Most);
            for (; sent < due; sent++)
            {
                var at = begin + (long)(sent * step);
                if (at >= _measureFrom) _lag.Add((Stopwatch.GetTimestamp() - at) * 1e6 / Stopwatch.Frequency);
                Link? link = null;
                lock (_gate)
                {
                    if (_free.Count > 0) link = _free.Pop();
                    else _waiting.Enqueue(at);
                }

                link?.Start(at);
            }

            Thread.Sleep(1);
        }

        while (Stopwatch.GetTimestamp() < _measureTo)
        {
            lock (_gate)
                if (_waiting.Count == 0 && _free.Count == _links.Length) return;
            Thread.Sleep(1);
        }
    }

    /// <returns>When the connection's next request is due; null: none is.</returns>
    private long? Next(Link link)
    {
        if (_stopped) return null;
        if (_plan.Rate == 0) return Stopwatch.GetTimestamp();
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var due)) return due;
            _free.Push(link);
            return null;
        }
    }

    private void Count(int status, long due, ReadOnlySpan<byte> body)
    {
        var now = Stopwatch.GetTimestamp();
        var from = _plan.Rate > 0 ? due : now;
        if (from < _measureFrom || from > _measureTo) return;
        var micros = (now - due) * 1e6 / Stopwatch.Frequency;
        lock (_gate)
        {
            _all.Add(micros);
            if (!_byStatus.TryGetValue(status, out var own))
            {
                _byStatus[status] = own = new Latencies();
                _samples[status] = Encoding.UTF8.GetString(body);
            }

            own.Add(micros);
        }
    }

    private sealed class Link : IDisposable
    {
        private readonly Generator _owner;
        private readonly int _no;
        private readonly IPEndPoint _target;
        private readonly byte[] _out, _in;
        private readonly SocketAsyncEventArgs _receive = new();
        private Socket _socket = null!;
        private long _due;
        private int _have;

        public Link(Generator owner, int no, Uri target)
        {
            (_owner, _no, _target) = (owner, no, new IPEndPoint(IPAddress.Parse(target.Host), target.Port));
            // Thousands of connections ask small things: large buffers would cost more memory than all the rest.
            var isMany = owner._links.Length > 2_000;
            (_out, _in) = (new byte[isMany ? 1_024 : 4 * 1_024], new byte[isMany ? 4 * 1_024 : 512 * 1_024]);
            _receive.Completed += (_, _) => { if (Take()) Loop(); };
        }

        public void Connect()
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _socket.Connect(_target);
        }

        public void Start(long due)
        {
            _due = due;
            if (Send()) Loop();
        }

        /// <summary>Receives until it has to wait; whenever an answer is whole, sends the next request.</summary>
        private void Loop()
        {
            try
            {
                do _receive.SetBuffer(_in, _have, _in.Length - _have);
                while (!_socket.ReceiveAsync(_receive) && Take());
            }
            catch (ObjectDisposedException)
            {
                // The run is over.
            }
        }

        private bool Send()
        {
            var length = _owner._script.Write(_no, _out);
            if (length == 0 || (_owner._plan.Most > 0 && Interlocked.Increment(ref _owner._sent) > _owner._plan.Most))
            {
                _owner._allSent.TrySetResult();
                return false;
            }

            try
            {
                _socket.Send(_out.AsSpan(0, length));
                return true;
            }
            catch (SocketException)
            {
                return Broken();
            }
        }

        /// <returns>True: go on receiving.</returns>
        private bool Take()
        {
            if (_owner._stopped) return false;
            if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0) return Broken();
            _have += _receive.BytesTransferred;
            if (Answer.Read(_in.AsSpan(0, _have)) is not { } answer) return true;
            var body = _in.AsSpan(answer.BodyAt, _have - answer.BodyAt);
            _have = 0;
            _owner.Count(answer.Status, _due, body);
            if (_owner._script.Read(_no, answer.Status, body)) return Send();
            if (_owner.Next(this) is not { } due) return false;
            _due = due;
            return Send();
        }

        private bool Broken()
        {
            if (_owner._stopped) return false;
            _owner.Count(0, _due, default);
            _have = 0;
            _socket.Dispose();
            try
            {
                Connect();
            }
            catch (SocketException)
            {
                return false;
            }

            if (_owner.Next(this) is not { } due) return false;
            _due = due;
            return Send();
        }

        public void Dispose()
        {
            _socket?.Dispose();
            _receive.Dispose();
        }
    }
}

/// <summary>The little of HTTP/1.1 that our own server's answers need.</summary>
internal static class Answer
{
    /// <returns>Null while the answer is not whole.</returns>
    public static (int Status, int BodyAt)? Read(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0) return null;
        var status = ((bytes[9] - '0') * 100) + ((bytes[10] - '0') * 10) + bytes[11] - '0';
        var at = bytes[..head].IndexOf("Content-Length: "u8);
        var length = 0;
        if (at >= 0)
            for (at += 16; bytes[at] is >= (byte)'0' and <= (byte)'9'; at++) length = (length * 10) + bytes[at] - '0';
        else if (bytes[..head].IndexOf("Transfer-Encoding: chunked"u8) >= 0)
            return bytes.EndsWith("\r\n0\r\n\r\n"u8) ? (status, head + 4) : null;
        return bytes.Length >= head + 4 + length ? (status, head + 4) : null;
    }
}
