namespace Lianka.ChannelSimulator;

/// <summary>What goes wrong with a call, before and after it is done.</summary>
internal sealed class Faults(Trades trades)
{
    private long _calls;

    /// <summary>Answers 503 and true when the channel is down for this call.</summary>
    /// <param name="what"><c>create</c>, <c>query</c>, <c>close</c>, <c>refund</c>, <c>refund-query</c>, <c>statement</c>.</param>
    public async Task<bool> IsDownAsync(HttpContext http, Behaviour does, string what, string number)
    {
        if (!Meets(does, what) || !trades.Chance("down", Key(what, number), does.DownBps)) return false;
        await WriteAsync(http, 503, "text/html", "<html><h1>503 Service Unavailable</h1></html>");
        return true;
    }

    /// <summary>Answers, or fails to.</summary>
    /// <param name="write">Writes the answer; told true, with a signature that is wrong.</param>
    public async Task AnswerAsync(HttpContext http, Behaviour does, string what, string number, Func<bool, Task> write)
    {
        if (does.DelayMs > 0) await Task.Delay(does.DelayMs, http.RequestAborted);
        var key = Key(what, number);
        var meets = Meets(does, what);
        if (meets && trades.Chance("hang", key, does.HangBps))
        {
            await Task.Delay(does.HangMs, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            http.Abort();
        }
        else if (meets && trades.Chance("abort", key, does.AbortBps)) http.Abort();
        else if (meets && trades.Chance("error", key, does.ErrorBps)) await WriteAsync(http, 502, "text/html", "<html><h1>502 Bad Gateway</h1></html>");
        else if (meets && trades.Chance("html", key, does.HtmlBps)) await WriteAsync(http, 200, "text/html", "<html><body>系统维护中</body></html>");
        else await write(meets && trades.Chance("forged-answer", key, does.ForgedAnswerBps));
    }

    private static bool Meets(Behaviour does, string what) => does.Only.Count == 0 || does.Only.Contains(what);

    // A call that is repeated meets its own luck.
    private string Key(string what, string number) => $"{what}:{number}:{Interlocked.Increment(ref _calls)}";

    public static Task WriteAsync(HttpContext http, int status, string type, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type + "; charset=utf-8";
        return http.Response.WriteAsync(text);
    }
}
