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
public sealed record CartEntry(int No, CartLine Line, Goods? Goods, Choice? Choice, string Name, IReadOnlyList<(string Label, string Value)> Given, string? Problem)
{
    public Money Total => Choice is null ? Money.Zero : Choice.Retail * Line.Quantity;
}

/// <summary>The cart: quantities, and one payment for all that is in it.</summary>
internal sealed class CartPage(Till till, OwnOrders own, BuyerMemory memory, Gates gates, Shelf shelf, ShoppingCart cart) : BuyPage(till, own, memory, gates)
{
    public IReadOnlyList<CartEntry> Entries { get; private set; } = [];

    /// <summary>What the page was made from: a form of an older one is not obeyed.</summary>
    public string Version { get; private set; } = "";
    public Money Total => Entries.Aggregate(Money.Zero, (sum, entry) => sum + entry.Total);
    public bool CanPay => Entries.Count > 0 && Entries.All(e => e.Problem is null);

    // A closed shop sells nothing; what is in its carts waits.
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        await ShowAsync(cancel);
        return Open();
    }

    /// <param name="line">Its place, from 0.</param>
    /// <param name="cart">The version of the cart that was looked at.</param>
    public async Task<IActionResult> OnPostQuantityAsync(int line, string? quantity, string? cart, CancellationToken cancel)
    {
        await ShowAsync(cancel);
        if (cart == Version && line >= 0 && line < Entries.Count && Entries[line] is { Choice: { } choice } entry)
        {
            if (Quantity.Read(quantity?.Trim(), Math.Min(choice.Sku.QtyMax, Math.Max(1, choice.Stock))) is not { } units)
            {
                Entries = [.. Entries.Select(e => e.No == line ? e with { Problem = T.QuantityRange(Math.Max(1, choice.QuantityMax)) } : e)];
                Open();
                return Again();
            }

            Keep(Entries.Select(e => e.No == line ? entry.Line with { Quantity = units } : e.Line));
        }

        return Redirect(Shop.Url("/cart"));
    }

    public IActionResult OnPostRemove(int line, string? cart)
    {
        var lines = Lines;
        if (cart == ShoppingCart.VersionOf(lines)) Keep(lines.Where((_, no) => no != line));
        return Redirect(Shop.Url("/cart"));
    }

    public async Task<IActionResult> OnPostAsync(string? contact, string? token, string? cart, CancellationToken cancel)
    {
        await ShowAsync(cancel);
        var reach = ReadBuyer(contact, token);
        if (cart != Version)
        {
            Token = NewToken();
            return Again(T.CartChanged);
        }

        if (reach is null || !CanPay) return Again();
        if (!Gates.MayBuy(HttpContext.Connection.RemoteIpAddress, Entries.Count)) return Again(T.TooManyTries);
        List<Till.Wanted> wanted = [.. Entries.Select(e => new Till.Wanted(e.Choice!, e.Line.Quantity, SeenPrice(e.Choice!) ?? e.Choice!.Retail, e.Line.Fields))];
        BasketDecision decision;
        try
        {
            // Content is part of the press: the same button with other prices is another basket.
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

    private IReadOnlyList<CartLine> Lines => cart.Of(HttpContext, Shop);

    private void Keep(IEnumerable<CartLine> lines) => cart.Keep(HttpContext, Shop, [.. lines]);

    private async Task ShowAsync(CancellationToken cancel)
    {
        Frame(T.Cart, "", "busy");
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
        if (goods is null || choice is null) return new CartEntry(no, line, null, null, line.Product, [], T.LineGone);
        var name = $"{Language.PickOr(goods.Product.NameZh, goods.Product.NameEn)} {Language.PickOr(choice.Sku.NameZh, choice.Sku.NameEn)}";
        var fields = AccountFields.Parse(choice.Sku.Fields).Fields;
        var given = line.Fields.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(line.Fields)!;
        // Asked once more: what the goods ask for may have changed since.
        var (values, errors) = AccountFields.Check(fields, given);
        var problem = line.Quantity > choice.QuantityMax ? T.LineShort(choice.QuantityMax)
            : errors.Count > 0 || Canonical(values) != line.Fields ? T.LineFields : null;
        return new CartEntry(no, line, goods, choice, name,
            [.. fields.Where(f => given.ContainsKey(f.Key)).Select(f => (Language.PickOr(f.NameZh, f.NameEn), given[f.Key]))], problem);
    }
}
