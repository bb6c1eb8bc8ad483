using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Lianka.Host.Web;

/// <summary>Collects what the meters of this node measure and writes it in Prometheus' text form.</summary>
/// <remarks>
/// Listens to our own meters (<c>Lianka.*</c>), to HTTP's duration and to the runtime's (memory, garbage collection).
/// Labels are a fixed choice and the number of series is bounded, so no caller can make the page grow.
/// </remarks>
internal sealed class Metrics : IDisposable
{
    private const int SeriesMax = 2_000;

    /// <summary>Upper bounds of the buckets of a histogram in seconds; histograms of counts use <see cref="_counts"/>.</summary>
    private static readonly double[] _seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] _counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192];

    private static readonly Dictionary<string, string> _frameworkLabels = new(StringComparer.Ordinal)
    {
        ["http.request.method"] = "method",
        ["http.route"] = "route",
        ["http.response.status_code"] = "status",
        ["gc.heap.generation"] = "generation",
        ["cpu.mode"] = "mode",
    };

    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> _series = new();
    private readonly ConcurrentDictionary<Seen, Series> _seen = new();
    private long _dropped;

    public Metrics(IMeterFactory factory)
    {
        _factory = factory;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Wants(instrument)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<byte>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<short>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Record(i, v, tags));
        _listener.Start();
    }

    public string Text()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(8 * 1024);
        foreach (var group in _series.GroupBy(s => s.Key.Instrument).OrderBy(g => NameOf(g.Key), StringComparer.Ordinal))
        {
            var (name, kind) = (NameOf(group.Key), KindOf(group.Key));
            if (group.Key.Description is { Length: > 0 } about) text.Append("# HELP ").Append(name).Append(' ').AppendLine(about);
            text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
            foreach (var ((_, labels), series) in group.OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
                series.WriteTo(text, name, labels);
        }

        text.Append("# TYPE lianka_metrics_dropped_total counter\nlianka_metrics_dropped_total ")
            .Append(Interlocked.Read(ref _dropped).ToString(CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>A process may hold several platforms (tests do): meters made by another one's factory are not ours.</summary>
    private bool Wants(Instrument instrument) =>
        (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, _factory))
        && (instrument.Meter.Name.StartsWith("Lianka.", StringComparison.Ordinal)
            || instrument.Meter.Name == "System.Runtime"
            || instrument.Name is "http.server.request.duration" or "http.server.active_requests");

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // The labels as text are made once for each combination of values; after that the values themselves find the series.
        var seen = new Seen(instrument, tags);
        if (_seen.TryGetValue(seen, out var known))
        {
            known.Add(value);
            return;
        }

        if (SeriesOf(instrument, tags) is not { } found) return;
        if (_seen.Count < SeriesMax) _seen[seen] = found;
        found.Add(value);
    }

    private Series? SeriesOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (instrument, LabelsOf(instrument, tags));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= SeriesMax)
            {
                Interlocked.Increment(ref _dropped);
                return null;
            }

            series = _series.GetOrAdd(key, static k => new Series(BoundsOf(k.Instrument), k.Instrument.IsObservable));
        }

        return series;
    }

    /// <summary>An instrument with the values of its first tags, compared by value. More tags than these: the others count as one.</summary>
    private readonly record struct Seen(Instrument Instrument, object? First, object? Second, object? Third, object? Fourth, int Rest)
    {
        public Seen(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            : this(instrument, At(tags, 0), At(tags, 1), At(tags, 2), At(tags, 3), RestOf(tags))
        {
        }

        private static object? At(ReadOnlySpan<KeyValuePair<string, object?>> tags, int i) => i < tags.Length ? tags[i].Value : null;

        private static int RestOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var hash = 0;
            for (var i = 4; i < tags.Length; i++) hash = HashCode.Combine(hash, tags[i].Value);
            return hash;
        }
    }

    private static string LabelsOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var own = instrument.Meter.Name.StartsWith("Lianka.", StringComparison.Ordinal);
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            var label = own ? name.Replace('.', '_') : _frameworkLabels.GetValueOrDefault(name);
            if (label is null) continue;
            if (text.Length > 0) text.Append(',');
            text.Append(label).Append("=\"");
            foreach (var c in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
                _ = c switch { '\\' => text.Append(@"\\"), '"' => text.Append("\\\""), '\n' => text.Append("\\n"), _ => text.Append(c) };
            text.Append('"');
        }

        return text.ToString();
    }

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        if (instrument.Unit is "s" or "By") name += instrument.Unit == "s" ? "_seconds" : "_bytes";
        return KindOf(instrument) == "counter" ? name + "_total" : name;
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "Histogram" => "histogram",
        _ => "gauge",
    };

    private static double[]? BoundsOf(Instrument instrument) =>
        KindOf(instrument) != "histogram" ? null
        : instrument.Unit == "s" || instrument.Name.EndsWith("_seconds", StringComparison.Ordinal) ? _seconds : _counts;

    /// <summary>One line of the page, or the lines of one histogram.</summary>
    /// <param name="isTold">Observable instruments tell their whole value; the others tell a difference.</param>
    private sealed class Series(double[]? bounds, bool isTold)
    {
        private readonly long[] _buckets = new long[(bounds?.Length ?? 0) + 1];
        private readonly Lock _gate = new();
        private double _sum;
        private long _count;

        public void Add(double value)
        {
            lock (_gate)
            {
                _sum = isTold ? value : _sum + value;
                if (bounds is null) return;
                _count++;
                var at = Array.FindIndex(bounds, b => value <= b);
                _buckets[at < 0 ? bounds.Length : at]++;
            }
        }

        public void WriteTo(StringBuilder text, string name, string labels)
        {
            lock (_gate)
            {
                if (bounds is null)
                {
                    Line(text, name, labels, _sum);
                    return;
                }

                long below = 0;
                var comma = labels.Length > 0 ? "," : "";
                for (var i = 0; i < bounds.Length; i++)
                {
                    below += _buckets[i];
                    Line(text, $"{name}_bucket", string.Create(CultureInfo.InvariantCulture, $"{labels}{comma}le=\"{bounds[i]}\""), below);
                }

                Line(text, $"{name}_bucket", $"{labels}{comma}le=\"+Inf\"", _count);
                Line(text, $"{name}_sum", labels, _sum);
                Line(text, $"{name}_count", labels, _count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
