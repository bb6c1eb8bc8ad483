using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;

namespace Lianka.Modules.Catalog;

public enum AccountFieldKind
{
    /// <summary>A mobile number of the mainland; the choices are the carriers it may belong to.</summary>
    Phone,
    Email,

    /// <summary>A game account, a user id: letters, digits and a few signs.</summary>
    Account,

    /// <summary>Digits only; the choices are the fewest and the most of them, for example <c>6, 12</c>.</summary>
    Digits,

    /// <summary>One of the choices; a slash makes a tree of them, for example <c>Asia/Server 1</c>.</summary>
    Choice,
}

/// <summary>Something a buyer has to give for a direct SKU.</summary>
public sealed record AccountField(string Key, AccountFieldKind Kind, bool IsRequired, string NameZh, string NameEn, IReadOnlyList<string> Choices);

/// <summary>A carrier of the mainland; its name in Chinese is the word for it among a field's choices.</summary>
public sealed record Carrier(string NameZh, string NameEn);

/// <summary>The fields of a direct SKU as text, one a line: <c>account | phone | 手机号 | Phone number | 移动, 联通</c>.</summary>
/// <remarks>Key, kind, the names in both languages, choices. A question mark after the kind makes the field optional.</remarks>
public static class AccountFields
{
    /// <returns>The fields that could be read, and what is wrong with the others (field <c>fields</c>).</returns>
    public static (IReadOnlyList<AccountField> Fields, IReadOnlyList<FieldError> Errors) Parse(string text) => AccountFieldRules.Parse(text);

    /// <summary>Checks what a buyer gave and brings it to the form in which it is sent on: without blanks, plain digits.</summary>
    /// <param name="given">By key.</param>
    /// <returns>The values, and an error for each field that is missing, unknown or wrong, named by its key.</returns>
    public static (IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors) Check(
        IReadOnlyList<AccountField> fields, IReadOnlyDictionary<string, string> given) => AccountFieldRules.Check(fields, given);

    /// <summary>To whom a mobile number was given out, however it is typed.</summary>
    /// <returns>Null: this is not a whole mobile number.</returns>
    public static Carrier? CarrierOf(string number) => AccountFieldRules.CarrierOf(number);
}
