using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Platform.Data;

namespace Lianka.Modules.OpenApi.Wallet;

/// <summary>GET /account and GET /account/entries.</summary>
internal sealed class ReadAccount(Database database, PriceBooks books)
{
    // What a merchant owns or owes. Escrow of its orders is shown by the orders themselves.
    private static readonly string[] _kinds =
        [AccountKinds.Wallet, AccountKinds.CommissionPending, AccountKinds.CommissionAvailable, AccountKinds.Receivable];

    private sealed record Account(MerchantEntry Merchant, MerchantEntry? Parent, AccountBalance? Wallet);

    public async Task ShowAsync(ApiCall call)
    {
        var (book, wallet) = await database.ReadAsync(
            async s => (await books.LoadAsync(s), (await Statements.BalancesAsync(s, call.Merchant.Value)).Find(a => a.Kind == AccountKinds.Wallet)),
            call.Http.RequestAborted);
        var merchant = book.Merchant(call.Merchant) ?? throw new InvalidOperationException($"{call.Merchant} has a key but is no merchant.");
        var parent = merchant.Parent is { } above ? book.Merchant(above) : null;
        await JsonAnswer.OkAsync(call.Http, new Account(merchant, parent, wallet), static (json, account) =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, account.Merchant.Id.ToString());
            json.WriteNames("name"u8, account.Merchant.NameZh, account.Merchant.NameEn);
            json.WriteNumber("level"u8, account.Merchant.Level);
            if (account.Parent is { } parent)
            {
                json.WriteStartObject("parent"u8);
                json.WriteString("id"u8, parent.Id.ToString());
                json.WriteNames("name"u8, parent.NameZh, parent.NameEn);
                json.WriteEndObject();
            }
            else json.WriteNull("parent"u8);

            json.WriteString("balance"u8, (account.Wallet?.Balance ?? Money.Zero).ToString());
            json.WriteString("held"u8, (account.Wallet?.Held ?? Money.Zero).ToString());
            json.WriteString("credit"u8, (account.Wallet?.Credit ?? Money.Zero).ToString());
            json.WriteString("currency"u8, account.Wallet?.Currency ?? Currency.Cny.Code);
            json.WriteString("mode"u8, "live"u8);
            json.WriteEndObject();
        });
    }

    public async Task EntriesAsync(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var limit = query.Limit();
        var filter = new StatementFilter(
            query.Moment("from"), query.Moment("to"),
            query.CursorOf(text => StatementCursor.TryParse(text, out var at) ? at : null), limit, _kinds);
        if (query.Problems.Count > 0)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", query.Problems);
            return;
        }

        var page = await database.ReadAsync(s => Statements.OfPartyAsync(s, call.Merchant.Value, filter), call.Http.RequestAborted);
        await JsonAnswer.OkAsync(call.Http, (page, limit), static (json, answer) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var line in answer.page.Lines)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, $"{PublicId.Encode(line.Transfer)}-{line.AccountKind}");
                json.WriteString("posting"u8, line.Posting.ToString());
                json.WriteString("account"u8, line.AccountKind);
                json.WriteString("kind"u8, line.Kind);
                json.WriteString("amount"u8, line.Amount.ToString());
                json.WriteString("balance_after"u8, line.BalanceAfter?.ToString());
                json.WriteString("currency"u8, line.Amount.Currency.Code);
                json.WriteString("order_no"u8, line.Order?.ToString());
                json.WriteString("reason"u8, line.Reason);
                json.WriteMoment("at"u8, line.At);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WritePage(answer.page.Next?.ToString(), answer.limit);
            json.WriteEndObject();
        });
    }
}
