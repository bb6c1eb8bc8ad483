using Lianka.Platform;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lianka.Host.Web;

/// <summary>Sends spans by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set; the exporter reads its other standard variables itself.</summary>
internal static class TraceExport
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTraceExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[Endpoint])) return;
        var name = configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } given ? given : "lianka";
        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(s => s.AddSingleton(configuration))
            .ConfigureResource(r => r.AddService(name))
            .AddSource(Traces.Name)
            .AddOtlpExporter()
            .Build());
    }
}
