using System.Data.Common;
using Lianka.Modules.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>The outer edge of everything under /api: whatever happens inside, a program gets a problem it can read.</summary>
internal sealed class ApiBoundary(RequestDelegate next, CallLimits limits, ILogger<ApiBoundary> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (EngineBusyException busy)
        {
            await RefuseAsync(http, "overloaded", busy.RetryAfter);
        }
        catch (BadHttpRequestException fault)
        {
            await RefuseAsync(http, fault.StatusCode == StatusCodes.Status413PayloadTooLarge ? "payload_too_large" : "invalid_request");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer. What was asked is done or not done as its transaction says.
        }
        catch (DbException fault)
        {
            log.LogError(fault, "The database failed request {RequestId}.", http.TraceIdentifier);
            await RefuseAsync(http, "overloaded", TimeSpan.FromSeconds(2));
        }
        catch (Exception fault)
        {
            log.LogError(fault, "Request {RequestId} failed.", http.TraceIdentifier);
            await RefuseAsync(http, "internal_error");
        }

        if (http.Response.HasStarted || http.Response.ContentLength is not null) return;
        if (http.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
        {
            if (!await limits.AdmitAnonymousAsync(http)) return;
            await ProblemBook.WriteAsync(http, http.Response.StatusCode == StatusCodes.Status404NotFound ? "not_found" : "method_not_allowed");
        }
    }

    private static Task RefuseAsync(HttpContext http, string code, TimeSpan? retryAfter = null)
    {
        // Too late to say anything else: the connection is cut, so that nobody takes half an answer for a whole one.
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        if (retryAfter is { } pause) http.Response.Headers.RetryAfter = $"{Math.Max(1, (int)pause.TotalSeconds)}";
        return ProblemBook.WriteAsync(http, code);
    }
}
