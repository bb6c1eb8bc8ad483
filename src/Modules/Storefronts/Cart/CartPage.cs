using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Cart;

/// <summary>A line of the cart as it can be bought now.</summary>
/// <param name="No">Its place, from 0.</param>
/// <param name="Goods">Null: the shop does not sell it any more.</param>
/// <param name="Problem">Why it cannot be bought as it is; null: it can.</param>
/// <param name="IsLost">No other quantity helps: it has to be removed.</param>
public sealed record CartEntry(int No, CartLine Line, Goods? Goods, Choice? Choice, string Name, IReadOnlyList<(string Label, string Value)> Given, string? Problem, bool IsLost)
{
    /// <summary>As it stands in the field, which may be no quantity.</summary>
    public string Typed { get; init; } = $"{Line.Quantity}";

    /// <summary>Null: it cannot be bought as it is.</summary>
    public Money? Total => Problem is null ? Choice!.Retail * Line.Quantity : null;
}

/// <summary>The cart: quantities, and one payment for all that is in it.</summary>
internal sealed class CartPage(Till till, OwnOrders own, BuyerMemory memory, Gates gates, Shelf shelf, ShoppingCart cart) : BuyPage(till, own, memory, gates)
{
    public IReadOnlyList<CartEntry> Entries { get; private set; } = [];

    /// <summary>What the page was made from: a form of an older one is not obeyed.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Null: something in it cannot be bought as it is.</summary>
    public Money? Total => Entries.Aggregate((Money?)Money.Zero, (sum, entry) => sum + entry.Total);
    public bool IsLost => Entries.Any(e => e.IsLost);

    // A closed shop sells nothing; what is in its carts waits.
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        await ShowAsync(cancel);
        return Open();
    }

    /// <summary>Quantities go with every press, so that what is bought is what stands on the screen.</summary>
    /// <param name="cart">The version of the cart that was looked at.</param>
    /// <param name="total">What stood beside the button.</param>
    /// <param name="remove">The place of the line that goes, from 0.</param>
    /// <param name="act">What else than paying was pressed: "update", or "browse" for more goods.</param>
    public async Task<IActionResult> OnPostAsync(string? contact, string? token, string? cart, string? total, string? remove, string? act, CancellationToken cancel)
    {
        await ShowAsync(cancel);
        HoldBuyer(contact, token);
        if (cart != Version)
        {
            Token = NewToken();
            return Again(T.CartChanged);
        }

        TakeQuantities(remove);
        if (remove is null && act is null) return await PayAsync(total, cancel);
        if (Entries.Any(e => e is { Problem: not null, IsLost: false })) return Again();
        return act == "browse" ? Redirect(Shop.Url()) : Page();
    }

    private async Task<IActionResult> PayAsync(string? total, CancellationToken cancel)
    {
        if (ReadContact() is not { } reach || Total is not { } sum) return Again();
        // Without scripts the sum does not follow what is typed, and prices move: nobody is asked for another sum than they saw.
        if (!Money.TryParse(total, out var seen) || seen != sum) return Again(T.TotalChanged(sum));
        if (!Gates.MayBuy(HttpContext.Connection.RemoteIpAddress, Entries.Count)) return Again(T.TooManyTries);
        List<Till.Wanted> wanted = [.. Entries.Select(e => new Till.Wanted(e.Choice!, e.Line.Quantity, e.Choice!.Retail, e.Line.Fields))];
        BasketDecision decision;
        try
        {
            // Content is part of the press: the same button with other quantities or prices is another basket.
            var press = $"cart:{Token}:{Version}:{string.Join(',', wanted.Select(w => w.Seen.Units))}";
            decision = await Till.ReserveAsync(Shop, wanted, reach, press, Buyer.IdOf(HttpContext), cancel);
        }
        catch (EngineBusyException)
        {
            return Again(T.Busy, StatusCodes.Status503ServiceUnavailable);
        }

        if (decision is not BasketDecision.Done { Basket.Orders: var orders })
        {
            // That press has come to nothing, and so would the same once more.
            Token = NewToken();
            return Again(decision is BasketDecision.Refused { Line: var no, Why: var why } ? T.CartRefused(Entries[no].Name, T.Refusal(why)) : T.CartPressOver);
        }

        Own.Add(HttpContext, Shop, Claim.Bought, [.. orders.Select(o => o.Id)]);
        // Accounts are remembered where they are typed.
        if (!IsRemembered) Memory.Forget(HttpContext, Shop);
        else if (Memory.Of(HttpContext, Shop)?.Contact != reach.Value) Memory.Keep(HttpContext, Shop, reach.Value, [], new Dictionary<string, string>());
        Keep([]);
        return Redirect(Shop.Url($"/pay/{orders[0].Id}"));
    }

    /// <summary>What is a quantity comes into the cart, too much of it as well; what is none stays in its field.</summary>
    private void TakeQuantities(string? remove)
    {
        List<CartEntry> entries = [];
        foreach (var entry in Entries.Where(e => $"{e.No}" != remove))
        {
            // A line that is lost has no field.
            var typed = Request.Form.TryGetValue($"quantity.{entry.No}", out var text) ? Shorten(text, 8) : entry.Typed;
            var units = Quantity.Read(typed, long.MaxValue);
            var taken = EntryOf(entries.Count, entry.Line with { Quantity = units ?? entry.Line.Quantity }, entry.Goods, entry.Choice);
            entries.Add(units is not null || taken.IsLost ? taken : taken with { Typed = typed, Problem = T.QuantityRange(entry.Choice!.QuantityMax) });
        }

        Entries = entries;
        List<CartLine> lines = [.. entries.Select(e => e.Line)];
        if (ShoppingCart.VersionOf(lines) == Version) return;
        Version = ShoppingCart.VersionOf(lines);
        Keep(lines);
    }

    private IReadOnlyList<CartLine> Lines => cart.Of(HttpContext, Shop);

    private void Keep(IEnumerable<CartLine> lines) => cart.Keep(HttpContext, Shop, [.. lines]);

    private async Task ShowAsync(CancellationToken cancel)
    {
        Frame(T.Cart, "", "busy", "cart-sum");
        var lines = Lines;
        Version = ShoppingCart.VersionOf(lines);
        var entries = new List<CartEntry>(lines.Count);
        foreach (var line in lines)
        {
            var goods = await shelf.FindAsync(Shop, line.Product, cancel);
            entries.Add(EntryOf(entries.Count, line, goods, goods?.Choices.FirstOrDefault(c => c.Sku.Code == line.Sku)));
        }

        Entries = entries;
    }

    private CartEntry EntryOf(int no, CartLine line, Goods? goods, Choice? choice)
    {
        if (goods is null || choice is null) return new CartEntry(no, line, null, null, line.Product, [], T.LineGone, IsLost: true);
        var name = $"{Language.PickOr(goods.Product.NameZh, goods.Product.NameEn)} {Language.PickOr(choice.Sku.NameZh, choice.Sku.NameEn)}";
        var fields = AccountFields.Parse(choice.Sku.Fields).Fields;
        var given = line.Fields.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(line.Fields)!;
        // Asked once more: what the goods ask for may have changed since.
        var (values, errors) = AccountFields.Check(fields, given);
        var isLost = choice.Stock == 0 || errors.Count > 0 || Canonical(values) != line.Fields;
        var problem = isLost && choice.Stock > 0 ? T.LineFields : line.Quantity > choice.QuantityMax ? T.LineShort(choice.QuantityMax) : null;
        return new CartEntry(no, line, goods, choice, name,
            [.. fields.Where(f => given.ContainsKey(f.Key)).Select(f => (Language.PickOr(f.NameZh, f.NameEn), given[f.Key]))], problem, isLost);
    }
}
