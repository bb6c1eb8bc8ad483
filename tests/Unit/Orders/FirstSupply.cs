using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders.Core;

namespace Lianka.Tests.Unit.Orders;

/// <summary>The supply that comes first by its priority.</summary>
internal sealed class FirstSupply : ISupplyRouter
{
    public RouteChoice Choose(IReadOnlyList<SupplyEntry> candidates, long count, Money unit, DateTimeOffset now) => new(candidates[0], "first");
}
