namespace Lianka.Modules.FlashSales;

/// <summary>The right of one buyer to try its luck in one sale. Issued before the sale, checked without the database.</summary>
/// <param name="Buyer">The same number is the same buyer: however many tickets it has, it gets one order.</param>
/// <param name="Expires">Whole seconds.</param>
public readonly record struct Ticket(SaleId Sale, long Buyer, DateTimeOffset Expires);
