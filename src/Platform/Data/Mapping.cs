using System.Data;
using Dapper;
using Lianka.Kernel;

namespace Lianka.Platform.Data;

/// <summary>How values stand in the databases: moments as microseconds, ids and amounts as 64-bit numbers.</summary>
internal static class Mapping
{
    private static readonly Lazy<bool> _once = new(() =>
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Handle(new InstantHandler(), typeof(DateTimeOffset));
        Handle(new MoneyHandler(), typeof(Money));
        HandleId<OfOrder>();
        HandleId<OfMerchant>();
        HandleId<OfSupplier>();
        HandleId<OfProduct>();
        HandleId<OfSku>();
        HandleId<OfSupply>();
        HandleId<OfLot>();
        HandleId<OfAccount>();
        HandleId<OfPosting>();
        HandleId<OfPayment>();
        HandleId<OfStorefront>();
        HandleId<OfSale>();
        return true;
    });

    public static void Register() => _ = _once.Value;

    private static void HandleId<T>() where T : IIdKind => Handle(new IdHandler<T>(), typeof(Id<T>));

    private static void Handle(SqlMapper.ITypeHandler handler, Type type)
    {
        SqlMapper.RemoveTypeMap(type);
        SqlMapper.AddTypeHandler(type, handler);
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => Number(parameter, value.ToMicros());
        public override DateTimeOffset Parse(object value) => Instants.FromMicros((long)value);
    }

    private sealed class MoneyHandler : SqlMapper.TypeHandler<Money>
    {
        public override void SetValue(IDbDataParameter parameter, Money value) => Number(parameter, value.Units);
        public override Money Parse(object value) => new((long)value);
    }

    private sealed class IdHandler<T> : SqlMapper.TypeHandler<Id<T>> where T : IIdKind
    {
        public override void SetValue(IDbDataParameter parameter, Id<T> value) => Number(parameter, value.Value);
        public override Id<T> Parse(object value) => new((long)value);
    }

    private static void Number(IDbDataParameter parameter, long value)
    {
        parameter.DbType = DbType.Int64;
        parameter.Value = value;
    }
}
