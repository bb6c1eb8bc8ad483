namespace Lianka.Kernel;

/// <summary>What an id names; gives the prefix of its public form.</summary>
public interface IIdKind
{
    static abstract string Prefix { get; }
}

/// <summary>The id of one kind of thing. Ids of different kinds do not compile in each other's place.</summary>
/// <remarks>
/// The value is a positive 64-bit number that is unique in one installation (see Platform's IdSource) and stands in the
/// database. The public form, for example <c>ord_4f9k2m7xq1c8e</c>, is the value mixed and written in base 32, so that it
/// tells neither how many there are nor which comes next. Nothing is secret about it: access is checked, not guessed.
/// </remarks>
public readonly record struct Id<T>(long Value) : IComparable<Id<T>>
    where T : IIdKind
{
    public override string ToString() => $"{T.Prefix}_{PublicId.Encode(Value)}";

    /// <summary>Reads the public form; false for another prefix or anything malformed.</summary>
    public static bool TryParse(string? text, out Id<T> id)
    {
        id = default;
        if (text is null || text.Length != T.Prefix.Length + 1 + PublicId.Length) return false;
        if (!text.StartsWith(T.Prefix, StringComparison.Ordinal) || text[T.Prefix.Length] != '_') return false;
        if (!PublicId.TryDecode(text.AsSpan(T.Prefix.Length + 1), out var value)) return false;
        id = new Id<T>(value);
        return true;
    }

    public int CompareTo(Id<T> other) => Value.CompareTo(other.Value);
    public static bool operator <(Id<T> a, Id<T> b) => a.Value < b.Value;
    public static bool operator >(Id<T> a, Id<T> b) => a.Value > b.Value;
    public static bool operator <=(Id<T> a, Id<T> b) => a.Value <= b.Value;
    public static bool operator >=(Id<T> a, Id<T> b) => a.Value >= b.Value;
}

/// <summary>A reversible mixing of 64-bit ids, written as 13 characters of Crockford's base 32 in lower case.</summary>
public static class PublicId
{
    public const int Length = 13;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): multiplications by odd constants and xor-shifts, each of
    // which has an exact inverse modulo 2^64.
    private const ulong M1 = 0xbf58476d1ce4e5b9, M2 = 0x94d049bb133111eb;
    private static readonly ulong _m1Inverse = Inverse(M1), _m2Inverse = Inverse(M2);

    public static string Encode(long value)
    {
        var x = (ulong)value;
        x = (x ^ (x >> 30)) * M1;
        x = (x ^ (x >> 27)) * M2;
        x ^= x >> 31;
        return string.Create(Length, x, static (span, v) =>
        {
            for (var i = Length - 1; i >= 0; i--, v >>= 5) span[i] = Alphabet[(int)(v & 31)];
        });
    }

    public static bool TryDecode(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (text.Length != Length) return false;
        ulong x = 0;
        for (var i = 0; i < Length; i++)
        {
            var digit = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            // 13 characters carry 65 bits; the first may only be 0 to f.
            if (digit < 0 || (i == 0 && digit > 15)) return false;
            x = (x << 5) | (uint)digit;
        }

        x = UnshiftRight(x, 31) * _m2Inverse;
        x = UnshiftRight(x, 27) * _m1Inverse;
        value = (long)UnshiftRight(x, 30);
        return value > 0;
    }

    private static ulong UnshiftRight(ulong x, int shift)
    {
        var y = x;
        for (var done = shift; done < 64; done += shift) y = x ^ (y >> shift);
        return y;
    }

    private static ulong Inverse(ulong odd)
    {
        // Newton's iteration doubles the number of correct low bits; five steps from 3 bits exceed 64.
        var x = odd;
        for (var i = 0; i < 5; i++) x *= 2 - (odd * x);
        return x;
    }
}

public sealed class OfOrder : IIdKind { public static string Prefix => "ord"; }
public sealed class OfMerchant : IIdKind { public static string Prefix => "mer"; }
public sealed class OfSupplier : IIdKind { public static string Prefix => "sup"; }
public sealed class OfProduct : IIdKind { public static string Prefix => "prd"; }
public sealed class OfSku : IIdKind { public static string Prefix => "sku"; }
public sealed class OfSupply : IIdKind { public static string Prefix => "sply"; }
public sealed class OfLot : IIdKind { public static string Prefix => "lot"; }
public sealed class OfAccount : IIdKind { public static string Prefix => "acc"; }
public sealed class OfPosting : IIdKind { public static string Prefix => "pst"; }
public sealed class OfPayment : IIdKind { public static string Prefix => "pay"; }
public sealed class OfSale : IIdKind { public static string Prefix => "sale"; }
public sealed class OfStorefront : IIdKind { public static string Prefix => "shop"; }
