using Lianka.Kernel;

namespace Lianka.Modules.Agents;

/// <summary>What one ancestor earns on each unit of an order.</summary>
public readonly record struct AncestorShare(MerchantId Merchant, Money Unit);

/// <summary>The price and the chain of one order, as frozen at acceptance. All amounts are per unit.</summary>
/// <param name="Unit">price(m): what the merchant pays.</param>
/// <param name="Ancestors">Nearest first, at most three; every share is zero or more.</param>
/// <param name="TopUnit">eff(topmost): what reaches the platform, which pays the supplier from it.</param>
/// <param name="Promotion">The running promotion that lowered the prices, if any.</param>
/// <param name="IsInverted">An ancestor pays more than the one below it; it earns nothing and the operator is told.</param>
public sealed record Terms(Money Unit, IReadOnlyList<AncestorShare> Ancestors, Money TopUnit, long? Promotion, bool IsInverted);
