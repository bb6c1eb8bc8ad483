using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Core;

/// <summary>The proof of a closed day: SHA-256 over the day before's and this day's lines, in an order of their own.</summary>
public static class DayProof
{
    /// <param name="before">The proof of the day before; empty: there is none.</param>
    /// <returns>64 hex digits.</returns>
    public static string Of(string before, string channel, string day, IEnumerable<StatementLine> lines)
    {
        var texts = lines.Select(l => string.Create(CultureInfo.InvariantCulture,
            $"{l.TradeNo}\t{(l.RefundNo is null ? "paid" : "back")}\t{l.RefundNo}\t{l.OutNo}\t{l.Amount.Units}\t{l.Fee.Units}\t{l.At.ToMicros()}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{before}\n{channel}\n{day}\n{string.Concat(texts.Order(StringComparer.Ordinal))}")));
    }
}
