using Lianka.Modules.Orders;

namespace Lianka.Tests.Simulation;

/// <summary>One command a client sends, as often as it must, and everything that was ever said about it.</summary>
/// <param name="isKept">Sent until it is answered: a channel never gives up telling that money came.</param>
/// <param name="isPoison">Breaks whatever rule reads it; only itself may suffer.</param>
internal sealed class Request(int no, OrderCommand command, bool isKept, bool isPoison)
{
    public int No => no;
    public OrderCommand Command => command;
    public bool IsKept => isKept;
    public bool IsPoison => isPoison;

    /// <summary>What engines answered, heard by the client or not: all of it must be durable.</summary>
    public List<OrderDecision> Given { get; } = [];
    public int Sent { get; set; }

    /// <summary>How often a living node took it in, and how often that node said that it was busy.</summary>
    public int Arrived { get; set; }
    public int Busy { get; set; }

    /// <summary>Every node that took it in said that nothing was done.</summary>
    public bool IsCertainlyNotDone => Arrived == Given.Count + Busy && Given.TrueForAll(g => g is OrderDecision.Refused);
    public bool IsHeard { get; set; }
    public Exception? Fault { get; set; }
}
