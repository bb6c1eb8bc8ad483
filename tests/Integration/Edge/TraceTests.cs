using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace Lianka.Tests.Integration.Edge;

public sealed class TraceTests
{
    [Fact]
    public async Task An_order_is_one_span_of_the_request_and_one_for_each_stage_of_the_engine_in_the_callers_trace()
    {
        await using var receiver = await Receiver.StartAsync();
        await using (var silent = await ApiWorld.CreateAsync(DatabaseKind.Sqlite))
        {
            silent.Get<IServiceProvider>().GetService<TracerProvider>().ShouldBeNull();
            Traces.Source.HasListeners().ShouldBeFalse("no span is even made when nobody asked for them");
            await silent.Caller.BuyAsync("before");
        }

        receiver.Bodies.ShouldBeEmpty();
        var trace = ActivityTraceId.CreateRandom();
        await using (var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, configuration: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "tenant=lianka",
        }))
        {
            var answer = await world.Caller.SendAsync("POST", "/api/v1/orders", """{"client_order_no":"traced","sku":"sku-a","quantity":1,"max_total":"50"}""",
                adjust: r => r.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
            ((int)answer.Status).ShouldBe(201, answer.Text);
            // The request's own span ends after its answer has gone out, and only then can it be sent.
            await Shop.ShopWorld.UntilAsync(() => Task.FromResult(world.Get<TracerProvider>().ForceFlush() && receiver.Spans(trace).Exists(s => s.StartsWith("POST", StringComparison.Ordinal))));

            var spans = receiver.Spans(trace);
            spans.ShouldBe(["POST /api/v1/orders", "answer", "batch", "commit", "decide", "load", "save", "wait"], ignoreOrder: true);
            var sent = receiver.Text;
            sent.ShouldContain("lianka");
            sent.ShouldContain("http.response.status_code");
            sent.ShouldNotContain(world.Caller.Key);
            sent.ShouldNotContain(world.Caller.Secret);
            sent.ShouldNotContain("SECRET-");
            receiver.Tenants.ShouldAllBe(t => t == "lianka");
        }
    }

    /// <summary>What listens at an OTLP endpoint, as far as a test needs it.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Receiver(WebApplication app) => _app = app;

        public ConcurrentQueue<byte[]> Bodies { get; } = [];
        public ConcurrentQueue<string> Tenants { get; } = [];
        public string Address => _app.Urls.First();
        public string Text => string.Concat(Bodies.Select(Encoding.Latin1.GetString));

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver._app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                if (http.Request.Path != "/v1/traces") return;
                receiver.Tenants.Enqueue(http.Request.Headers["tenant"].ToString());
                receiver.Bodies.Enqueue(body.ToArray());
            });
            await receiver._app.StartAsync();
            return receiver;
        }

        /// <summary>The names of the spans of one trace. In a span of OTLP the trace's id is field 1, the name field 5.</summary>
        public List<string> Spans(ActivityTraceId trace)
        {
            var id = Convert.FromHexString(trace.ToHexString());
            byte[] head = [0x0A, 16, .. id];
            var names = new List<string>();
            foreach (var body in Bodies)
            {
                for (var at = 0; body.AsSpan(at).IndexOf(head) is >= 0 and var found;)
                {
                    at += found + head.Length;
                    for (var field = at; field < body.Length;)
                    {
                        var tag = Varint(body, ref field);
                        var number = (tag & 7) is 0 or 2 ? Varint(body, ref field) : 0;
                        var length = (tag & 7) switch { 0 => 0, 1 => 8, 2 => number, _ => 4 };
                        if (tag >> 3 == 5)
                        {
                            names.Add(Encoding.UTF8.GetString(body, field, length));
                            break;
                        }

                        field += length;
                    }
                }
            }

            return names;
        }

        private static int Varint(byte[] body, ref int at)
        {
            var value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = body[at++];
                value |= (part & 0x7F) << shift;
                if (part < 0x80) return value;
            }
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
