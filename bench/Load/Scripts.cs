using Lianka.Bench.Flash;
using Lianka.Bench.Orders;

namespace Lianka.Bench.Load;

/// <summary>The requests a run can be made of, by name.</summary>
internal static class Scripts
{
    public static IScript Open(LoadPlan plan) => plan.Script switch
    {
        "orders" => new OrderScript(plan),
        "flash" => new FlashScript(plan),
        "get" => new GetScript(plan),
        "pages" => new PagesScript(plan),
        _ => throw new ArgumentException($"There is no script '{plan.Script}'."),
    };
}

/// <summary>The same GET again and again: what HTTP itself costs here.</summary>
internal sealed class GetScript(LoadPlan plan) : IScript
{
    private readonly byte[] _request = System.Text.Encoding.ASCII.GetBytes(
        $"GET {plan.Arguments["path"]} HTTP/1.1\r\nHost: {new Uri(plan.Target[0]).Authority}\r\n\r\n");

    public int Write(int connection, Span<byte> buffer)
    {
        _request.CopyTo(buffer);
        return _request.Length;
    }
}

/// <summary>Pages of a file, one path a line, by chance.</summary>
internal sealed class PagesScript(LoadPlan plan) : IScript
{
    private readonly byte[][] _requests = [.. File.ReadLines(plan.Callers).Select(path => System.Text.Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {new Uri(plan.Target[0]).Authority}\r\nAccept-Language: zh-CN\r\n\r\n"))];

    public int Write(int connection, Span<byte> buffer)
    {
        var request = _requests[Random.Shared.Next(_requests.Length)];
        request.CopyTo(buffer);
        return request.Length;
    }
}
