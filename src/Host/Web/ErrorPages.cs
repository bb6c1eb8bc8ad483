using System.Data.Common;
using System.Text.Encodings.Web;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.App;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Diagnostics;

namespace Lianka.Host.Web;

/// <summary>What a browser is shown when there is no page, or when one failed. The API answers for itself.</summary>
internal static class ErrorPages
{
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = StatusOf,
            ExceptionHandler = WriteAsync,
            // A caller who went away, sent nonsense or met a full queue is no fault of ours.
            SuppressDiagnosticsCallback = static fault => StatusOf(fault.Exception) != StatusCodes.Status500InternalServerError
                && fault.Exception is not DbException,
        });
        app.UseStatusCodePages(static pages => WriteAsync(pages.HttpContext));
    }

    private static int StatusOf(Exception fault) => fault switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        DbException db when Database.IsNoText(db) => StatusCodes.Status400BadRequest,
        EngineBusyException or DbException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Task WriteAsync(HttpContext http)
    {
        if (http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";
        var isContents = Face.IsContents(http);
        if (!isContents && !WantsPage(http.Request)) return Task.CompletedTask;
        var language = RequestLanguage.Of(http);
        var (title, words) = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => (language.Pick("没有这个页面", "There is no such page"),
                language.Pick("地址可能输错了，或者内容已经下架。", "The address may be mistyped, or what stood here is gone.")),
            StatusCodes.Status503ServiceUnavailable when IsUnknown(http) => (language.Pick("不确定有没有办成", "It is not known whether this was done"),
                language.Pick("连接在最后一刻断了。请回到上一页再点一次：同一张表单只会办一次。", "The connection was lost at the last moment. Please go back and press again: one form is done once only.")),
            StatusCodes.Status503ServiceUnavailable => (language.Pick("现在太忙了", "Too busy right now"),
                language.Pick("没有做任何改动，请过几秒再试。", "Nothing was changed. Please try again in a few seconds.")),
            StatusCodes.Status403Forbidden when http.Features.Get<MissingPermission>() is { } missing => (language.Pick("没有权限", "Not permitted"), language.Pick(missing.Zh, missing.En)),
            StatusCodes.Status403Forbidden => (language.Pick("没有权限", "Not permitted"),
                language.Pick("这个页面属于另一种角色。请换一个账号登录。", "This page belongs to another role. Log in as somebody else.")),
            StatusCodes.Status413PayloadTooLarge => (language.Pick("文件太大", "The file is too large"),
                language.Pick("请拆成几份再传。", "Please send it in several parts.")),
            StatusCodes.Status429TooManyRequests => (language.Pick("操作太频繁", "Too many tries"),
                language.Pick("请稍等一会儿再试。", "Please wait a moment and try again.")),
            >= 500 => (language.Pick("出错了", "Something went wrong"),
                language.Pick("问题在我们这边。请再试一次；还不行就把下面的编号告诉我们。", "The fault is ours. Please try again; if it stays, tell us the number below.")),
            _ => (language.Pick("这个请求处理不了", "This request cannot be served"),
                language.Pick("请返回上一页，刷新后再试。", "Please go back, reload the page and try again.")),
        };
        http.Response.Headers.CacheControl = "no-store";
        if (isContents) return http.Response.WriteAsJsonAsync(new PageProblem(title, words, http.Response.StatusCode, http.TraceIdentifier), PageContents.Json, PageProblem.Kind);
        http.Response.ContentType = "text/html; charset=utf-8";
        // The id may be the caller's own.
        var id = HtmlEncoder.Default.Encode(http.TraceIdentifier);
        var home = http.Response.StatusCode == StatusCodes.Status404NotFound && StorefrontsModule.HomeOf(http) is { } shop
            ? $"<a class=\"button dominant wide\" href=\"{shop}\">{language.Pick("回店铺首页", "To the shop")}</a>" : "";
        return http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="{language.Tag()}">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{title}</title>
              <link rel="icon" href="data:,">
              <link rel="stylesheet" href="/assets/tokens.css">
              <link rel="stylesheet" href="/assets/site.css">
              <link rel="stylesheet" href="/assets/storefront.css">
            </head>
            <body class="store">
              <main id="main"><div class="shop-width narrow stack"><section class="panel stack">
                <h1>{title}</h1>
                <p>{words}</p>
                {home}
                <p class="small muted mono">{http.Response.StatusCode} · {id}</p>
              </section></div></main>
            </body>
            </html>
            """);
    }

    /// <summary>The database went away during the commit: nobody may say that nothing was changed.</summary>
    private static bool IsUnknown(HttpContext http) => http.Features.Get<IExceptionHandlerFeature>()?.Error is CommitUnknownException;

    private static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
