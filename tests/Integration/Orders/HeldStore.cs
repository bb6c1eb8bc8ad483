using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;

namespace Lianka.Tests.Integration.Orders;

/// <summary>A store that holds a batch until it is let go.</summary>
internal sealed class HeldStore(IOrderStore inner) : IOrderStore
{
    public TaskCompletionSource Gate { get; set; } = Open();
    public int Held { get; private set; }

    public static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    public async Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide)
    {
        Held++;
        await Gate.Task;
        await inner.RunAsync(commands, now, begun, decide);
    }
}
