using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>What a buyer asked this browser to remember for the next time: the contact, and accounts that were topped up. One sealed cookie per shop.</summary>
/// <remarks>
/// Nothing of it is kept on the node. The contact is filled in; accounts are only offered, because two games may ask for theirs by the same words.
/// Held by: tests/Unit/Storefronts/BuyerMemoryExamples.cs.
/// </remarks>
internal sealed class BuyerMemory(IDataProtectionProvider protection)
{
    private const string CookiePrefix = "lianka_memory_";

    /// <summary>A cookie has 4 KB, sealed and written in letters; the oldest account makes room.</summary>
    private const int BytesMax = 2_000;

    private readonly ShopCookie<Memory> _cookie = new(protection, "storefront memory", CookiePrefix, TimeSpan.FromDays(180));

    /// <param name="Accounts">Newest first.</param>
    public sealed record Memory(string Contact, IReadOnlyList<Account> Accounts)
    {
        /// <summary>What was given for a field of this kind before.</summary>
        public IEnumerable<string> Of(AccountField field) => Accounts.Where(a => a.Field == KeyOf(field)).Select(a => a.Value);
    }

    public sealed record Account(string Field, string Value);

    /// <summary>Whether a cookie is one of these: only pages that buy, and the one that forgets, look at them.</summary>
    public static bool IsIts(string cookie) => cookie.StartsWith(CookiePrefix, StringComparison.Ordinal);

    /// <returns>Null: this browser was asked to remember nothing.</returns>
    public Memory? Of(HttpContext http, Shop shop) => _cookie.Of(http, shop);

    /// <param name="values">By key of the field, as they were ordered.</param>
    public void Keep(HttpContext http, Shop shop, string contact, IEnumerable<AccountField> fields, IReadOnlyDictionary<string, string> values)
    {
        var given = fields.Where(f => f.Kind != AccountFieldKind.Choice && values.ContainsKey(f.Key)).Select(f => new Account(KeyOf(f), values[f.Key]));
        List<Account> accounts = [.. given.Concat(Of(http, shop)?.Accounts ?? []).Distinct()];
        while (ShopCookie<Memory>.Size(new Memory(contact, accounts)) > BytesMax && accounts.Count > 0) accounts.RemoveAt(accounts.Count - 1);
        Keep(http, shop, new Memory(contact, accounts));
    }

    public void Keep(HttpContext http, Shop shop, Memory memory) => _cookie.Keep(http, shop, memory);

    public void Forget(HttpContext http, Shop shop) => _cookie.Forget(http, shop);

    // A phone number and an address are the same whatever asks for them; an account is of what its name says.
    private static string KeyOf(AccountField field) => field.Kind is AccountFieldKind.Phone or AccountFieldKind.Email
        ? $"{field.Kind}"
        : $"{field.Kind} {field.Key} {field.NameZh}";
}
