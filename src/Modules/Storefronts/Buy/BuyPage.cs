using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>A field of a direct SKU on the page.</summary>
/// <param name="Problem">What is wrong with the value; null: nothing is known to be.</param>
public sealed record AccountInput(AccountField Field, string Label, string Value, string? Problem, Texts T)
{
    public string Id => $"field-{Field.Key}";

    /// <summary>What was given before, newest first: offered, never filled in.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>The keyboard that a phone shows.</summary>
    public string InputMode => Field.Kind switch
    {
        AccountFieldKind.Phone => "tel",
        AccountFieldKind.Digits => "numeric",
        AccountFieldKind.Email => "email",
        _ => "text",
    };
}

/// <summary>A page with a form that buys: the fields of goods, a quantity, a contact, and one number for each form that was handed out.</summary>
internal abstract class BuyPage(Till till, OwnOrders own, BuyerMemory memory, Gates gates) : ShopPage
{
    protected Till Till { get; } = till;
    protected OwnOrders Own { get; } = own;
    protected BuyerMemory Memory { get; } = memory;
    protected Gates Gates { get; } = gates;

    public string QuantityText { get; protected set; } = "1";
    public string ContactText { get; private set; } = "";

    /// <summary>One number per page that was handed out: pressing twice is one order.</summary>
    public string Token { get; protected set; } = "";

    /// <summary>What is asked for, with what was typed and what is wrong with it.</summary>
    public IReadOnlyList<AccountInput> Inputs { get; private set; } = [];

    /// <summary>The buyer wants contact and account offered the next time.</summary>
    public bool IsRemembered { get; private set; }

    /// <summary>Nothing, or nothing that is there, was chosen.</summary>
    public string? ChoiceProblem { get; private set; }
    public string? QuantityProblem { get; private set; }
    public string? ContactProblem { get; private set; }

    /// <summary>Why the order did not come about, when no field is to blame.</summary>
    public string? Refused { get; private set; }

    /// <summary>What is wrong, each with the field it is about.</summary>
    public IEnumerable<(string Id, string Text)> Problems =>
    [
        .. ChoiceProblem is { } choice ? [("values", choice)] : Array.Empty<(string, string)>(),
        .. QuantityProblem is { } quantity ? [("quantity", quantity)] : Array.Empty<(string, string)>(),
        .. Inputs.Where(i => i.Problem is not null).Select(i => (i.Id, $"{i.Label}: {i.Problem}")),
        .. ContactProblem is { } contact ? [("contact", contact)] : Array.Empty<(string, string)>(),
    ];

    protected void Ask(IEnumerable<AccountField> fields)
    {
        var known = Memory.Of(HttpContext, Shop);
        Inputs = [.. fields.Select(f => new AccountInput(f, Language.PickOr(f.NameZh, f.NameEn), "", null, T) { Known = [.. known?.Of(f) ?? []] })];
    }

    /// <summary>Hands out a fresh form, with what this browser was asked to remember.</summary>
    protected PageResult Open()
    {
        Token = NewToken();
        if (Memory.Of(HttpContext, Shop) is { } known) (ContactText, IsRemembered) = (known.Contact, true);
        return Page();
    }

    /// <summary>Reads the form and opens the order, or shows the page again with what stands in its way.</summary>
    /// <param name="chosen">Null: nothing was chosen.</param>
    protected async Task<IActionResult> BuyAsync(Choice? chosen, string? quantity, string? contact, string? token, CancellationToken cancel)
    {
        var reach = ReadBuyer(contact, token);
        var goods = ReadGoods(chosen, quantity);
        if (chosen is null || goods is not { } wanted || reach is null) return Again();
        if (!Gates.MayBuy(HttpContext.Connection.RemoteIpAddress)) return Again(T.TooManyTries);

        var seen = SeenPrice(chosen) ?? chosen.Retail;
        OrderDecision decision;
        try
        {
            decision = await Till.ReserveAsync(Shop, chosen, wanted.Units, seen, reach, Canonical(wanted.Values), Token, Buyer.IdOf(HttpContext), cancel);
        }
        catch (EngineBusyException)
        {
            return Again(T.Busy, StatusCodes.Status503ServiceUnavailable);
        }

        if (decision is not OrderDecision.Done done) return Again(T.Refusal((OrderDecision.Refused)decision));
        if (done is { IsReplay: true, Order.IsFinal: true })
        {
            // The way back from a finished order: whoever presses here means another one.
            Token = NewToken();
            return Again(T.BoughtAlready);
        }

        Own.Add(HttpContext, Shop, Claim.Bought, done.Order.Id);
        if (IsRemembered) Memory.Keep(HttpContext, Shop, reach.Value, Inputs.Select(i => i.Field), wanted.Values);
        else Memory.Forget(HttpContext, Shop);
        return Redirect(Shop.Url($"/pay/{done.Order.Id}"));
    }

    /// <returns>Whom to reach; null: that is no contact.</returns>
    protected Contact? ReadBuyer(string? contact, string? token)
    {
        HoldBuyer(contact, token);
        return ReadContact();
    }

    /// <summary>What was typed stays on the page, whatever was pressed.</summary>
    protected void HoldBuyer(string? contact, string? token)
    {
        ContactText = Shorten(contact, 254);
        IsRemembered = Request.Form["remember"] == "on";
        Token = IsToken(token) ? token! : NewToken();
    }

    /// <returns>Null: what was typed is no contact.</returns>
    protected Contact? ReadContact()
    {
        var reach = Contact.Read(ContactText);
        if (reach is null) ContactProblem = T.ContactWrong;
        return reach;
    }

    /// <returns>How many, and what was given for the fields; null when something is wrong with one of them.</returns>
    protected (long Units, IReadOnlyDictionary<string, string> Values)? ReadGoods(Choice? chosen, string? quantity)
    {
        QuantityText = Shorten(quantity, 8);
        var values = ReadInputs();
        if (chosen is null)
        {
            ChoiceProblem = T.ChooseValue;
            return null;
        }

        var units = Quantity.Read(QuantityText, chosen.Sku.QtyMax);
        if (units is null) QuantityProblem = T.QuantityRange(chosen.Sku.QtyMax);
        return units is null || values is null ? null : (units.Value, values);
    }

    protected PageResult Again(string? refused = null, int status = StatusCodes.Status422UnprocessableEntity)
    {
        Refused = refused;
        Response.StatusCode = status;
        return Page();
    }

    /// <returns>The values by key; null when something is wrong with one.</returns>
    private IReadOnlyDictionary<string, string>? ReadInputs()
    {
        var given = Inputs.ToDictionary(i => i.Field.Key, i => Shorten(Request.Form[$"field.{i.Field.Key}"], 200));
        var (values, errors) = AccountFields.Check([.. Inputs.Select(i => i.Field)], given);
        Inputs = [.. Inputs.Select(i => i with
        {
            Value = given[i.Field.Key],
            Problem = errors.FirstOrDefault(e => e.Field == i.Field.Key) is { } error ? Language.PickOr(error.Zh, error.En) : null,
        })];
        return errors.Count > 0 ? null : values;
    }

    /// <returns>Canonical JSON; empty when nothing is asked for.</returns>
    protected static string Canonical(IReadOnlyDictionary<string, string> values) =>
        values.Count == 0 ? "" : JsonSerializer.Serialize(new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal), _plain);

    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The price that stood beside the chosen SKU; the engine refuses when it has moved since.</summary>
    protected Money? SeenPrice(Choice chosen) =>
        Request.Form[$"price.{chosen.Sku.Code}"].ToString() is { Length: > 0 } text && Money.TryParse(text, out var price) ? price : null;

    protected static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static bool IsToken(string? text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);

    protected static string Shorten(string? text, int max) => text is null ? "" : text.Length <= max ? text.Trim() : text[..max];
}
