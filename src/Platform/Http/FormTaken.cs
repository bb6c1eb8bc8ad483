using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Platform.Http;

/// <summary>What is sent to a page that takes no such form is refused, instead of shown a page that nothing was loaded for.</summary>
/// <remarks>Held by: tests/Integration/Consoles/AccessMatrixTests.cs, tests/Integration/Shop/CashierTests.cs.</remarks>
public sealed class FormTaken : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var method = context.HttpContext.Request.Method;
        if (context.HandlerMethod is null && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) context.Result = new BadRequestResult();
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}
