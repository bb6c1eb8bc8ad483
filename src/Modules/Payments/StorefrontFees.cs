using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>What a storefront pays for each payment, whatever channel takes it; what channels really keep is the platform's gain or loss.</summary>
/// <remarks>
/// An order keeps the fee that it was opened with, and a flash sale the rate that it was made with: a change counts from the next order on and unbalances none.
/// Held by: tests/Integration/Shop/StorefrontFeeTests.cs.
/// </remarks>
public sealed class StorefrontFees(Database database)
{
    public const string Setting = "storefront.fee_bps";

    /// <summary>Basis points.</summary>
    public const long BpsUnlessTold = 60, BpsMax = 500;

    public Task<long> BpsAsync(CancellationToken cancel = default) => database.ReadAsync(BpsAsync, cancel);

    public static async Task<long> BpsAsync(Session session) =>
        long.TryParse(await session.ScalarAsync<string>("select value from setting where name = @Setting", new { Setting }), out var bps) ? bps : BpsUnlessTold;

    /// <summary>What a payment of an amount costs a storefront by the rate of now.</summary>
    public async Task<Func<Money, Money>> NowAsync(CancellationToken cancel = default)
    {
        var bps = await BpsAsync(cancel);
        return amount => ChannelFees.At(amount, bps);
    }

    /// <summary>What is wrong with the number, or nothing, and it counts from now on.</summary>
    public async Task<IReadOnlyList<FieldError>> SetAsync(string bps, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var value = check.Number("fee_bps", bps, 0, BpsMax);
        if (check.Errors.Count > 0) return check.Errors;
        await database.WriteAsync(s => s.ExecuteAsync(
            "insert into setting (name, value) values (@Setting, @Value) on conflict (name) do update set value = excluded.value", new { Setting, Value = $"{value}" }), cancel);
        return [];
    }
}
