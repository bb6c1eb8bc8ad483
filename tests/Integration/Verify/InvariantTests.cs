using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Verify;

public sealed class InvariantTests
{
    /// <summary>By the words of the check: what a hand in the database does, and the check must see. I and F42.</summary>
    private static readonly (string Check, string Sql)[] _damages =
    [
        ("all entries of a currency sum to zero", "delete from account where kind = 'marketing'"),
        ("each posting sums to zero in each currency", "update account set currency = 'USD' where kind = 'revenue'"),
        ("all balances of a currency sum to zero", "update account set balance = balance + 1 where kind = 'escrow'"),
        ("each posting's head has its transfers", "insert into posting (id, kind, actor, at) values (1, 'gift', 'x', 1)"),
        ("each running balance is the sum of the entries up to it",
            "update transfer_row set credit_after = credit_after + 1 where kind = 'top_up'"),
        ("each running balance is the sum of the entries up to it", "update transfer_row set debit_after = null where kind = 'order' and order_id = 401"),
        ("each running balance is the sum of the entries up to it", "update transfer_row set amount = amount + 1 where kind = 'top_up'"),
        ("each running balance is the sum of the entries up to it", "update orders set payer_after = payer_after + 1"),
        ("the balance of an account with a limit is the sum of its entries", "update orders set payer_after = null"),
        ("the balance of an account with a limit is the sum of its entries", "update account set balance = balance - 1 where kind = 'payable'"),
        ("the balance of an account with a limit is the sum of its entries", "delete from transfer_row where kind = 'top_up'"),
        ("the balance of a folded account is the sum of its entries up to the mark", "update account set balance = 1 where kind = 'revenue'"),
        ("the balance of a folded account is the sum of its entries up to the mark",
            "update account set folded_to = (select max(id) from transfer) where kind = 'revenue'"),
        ("what is held is the sum of the active holds", "update account set held = held + 1 where kind = 'wallet'"),
        ("what is held is the sum of the active holds", "update hold set state = 'released'"),
        ("no posting broke the limit then in force", "update orders set payer_after = -70000 where payer_after is not null"),
        ("no posting broke the limit then in force", "update credit_change set old_floor = -70000"),
        ("no posting broke the limit then in force", "update transfer_row set debit_after = -1 where kind = 'take_back' and debit_after is not null"),
        ("each account stands where its kind and its last credit line put it", "update account set floor = -5 where kind = 'payable'"),
        ("each account stands where its kind and its last credit line put it", "update account set floor = -90000 where party_id = 103"),
        ("no two postings and no two holds have one key",
            """
            create table posting_copy as select * from posting;
            drop table posting;
            alter table posting_copy rename to posting;
            update posting set key = 'twice'
            """),
        ("no hold outlives its time", "update hold set expires_at = 1"),

        ("the sales of each day, party and branch are those of its orders and refunds", "update figure_mark set up_to = (select max(id) from transfer)"),
        ("the sales of each day, party and branch are those of its orders and refunds",
            "insert into day_sale (party_id, child_id, day, orders, units, sold, refunds, refunded, earned) values (0, 0, 1, 1, 1, 1, 0, 0, 0)"),
        (EarningSum, "update figure_mark set earned_up_to = (select max(id) from transfer)"),
        (EarningSum, "insert into earning (party_id, child_id, orders, units, turnover, earned, released) values (102, 101, 0, 0, 0, 0, 1)"),
        (EarningSum, "delete from released_share where child_id = 0"),
        ("the days of each supply are its deliveries and its purchases that were counted", "update figure_mark set up_to = (select max(id) from transfer)"),
        ("the days of each supply are its deliveries and its purchases that were counted",
            "insert into day_supply (supplier_id, supply_id, day, units, cost, succeeded, failed) values (1, 1, 1, 0, 0, 0, 1)"),
        ("the days of each channel are its attempts that were counted", "insert into day_channel (channel_id, day, tried, paid) values (1, 1, 1, 1)"),
        ("the days of each account are its transfers", "update figure_mark set up_to = (select max(id) from transfer)"),

        ("each lot has its cards, numbered from 1 to its total", "delete from card where seq = 20"),
        ("each lot has its cards, numbered from 1 to its total", "update card set seq = 21 where seq = 20"),
        ("each card has its lot", "update card set lot_id = 55 where seq = 20"),
        ("each lot holds the cards of its supply", "update lot set supplier_id = 202"),
        ("each import made the lot it reported, and one that failed made none", "update import_job set imported = 19 where id = 6"),
        ("each import made the lot it reported, and one that failed made none", "update import_job set state = 'failed' where id = 6"),
        ("no secret stands in stock twice",
            "drop index card_fingerprint; update card set fingerprint = (select fingerprint from card where seq = 1) where seq = 2"),
        ("no import runs without a sign of life", "update import_job set beat_at = 1 where state = 'running'"),

        ("no card is bound to two orders, nor bound and in the return list", "update order_part set from_seq = 2 where order_id = 402"),
        ("no card is bound to two orders, nor bound and in the return list", "update order_part set count = 3 where order_id = 401"),
        ("no card is bound to two orders, nor bound and in the return list",
            "insert into card_return (lot_id, from_seq, count, sku_id) values (5, 2, 1, 3)"),
        ("no card is bound or returned that its lot has not drawn", "update lot set next = 14"),
        ("no card is bound or returned that its lot has not drawn", "update order_part set lot_id = 55 where order_id = 401"),
        ("each drawn card is bound to an order or in the return list", "delete from card_return where from_seq = 12"),
        ("each drawn card is bound to an order or in the return list", "update lot set next = 20"),
        ("cards bound are the units delivered, returned or held", "delete from order_part where order_id = 401"),
        ("cards bound are the units delivered, returned or held", "update order_part set count = 1 where order_id = 403"),
        ("cards bound are the units delivered, returned or held", "update order_part set state = 2 where order_id = 404"),
        ("cards bound are the units delivered, returned or held", "update orders set refunded_units = 0 where id = 406"),
        ("a fulfilment binds its cards until they are returned, and they are of its order's goods", "update order_part set live = 0 where order_id = 401"),
        ("a fulfilment binds its cards until they are returned, and they are of its order's goods", "update orders set sku_id = 33 where id = 401"),
        ("an order's deliveries stand in one place",
            "update orders set lot_id = 5, from_seq = 3, supply_id = 4, supplier_id = 201, unit_cost = 90000, hold_seconds = 0, part_state = 2 where id = 402"),
        ("a lot is open while cards are left in it", "update lot set open = 0"),
        ("what was revealed was sold", "update orders set revealed_at = 1 where id = 404"),
        ("what was revealed was sold", "update orders set revealed_at = null where id = 405"),

        ("no paid order stays undelivered for ten minutes without a person asked",
            "update orders set status = 3, paid_at = 1, created_at = 1 where id = 401"),
        ("money that a channel took has become goods or goes back", "update payment set state = 'paid', paid_at = 1 where id = 604"),
        ("no two orders of a merchant have one client number", "drop index orders_client_key; update orders set client_key = 'k401' where id = 402"),
        ("each paid order took its price once, from its payer into its escrow", "update transfer_row set order_id = 402 where kind = 'order' and order_id = 401"),
        ("each paid order took its price once, from its payer into its escrow", "update orders set payer_account = 1 where id = 401"),
        ("each paid order took its price once, from its payer into its escrow", "update orders set payer_after = null"),
        ("each paid order took its price once, from its payer into its escrow", "update orders set payer_after = 0 where id = 401"),
        ("a refused order left no trace", "update transfer_row set order_id = 4040 where kind = 'order' and order_id = 401"),
        ("a refused order left no trace", "update order_note set order_id = 4040 where order_id = 401"),
        ("a refused order left no trace", "update payment set order_id = 4040 where id = 603"),
        ("a refused order left no trace", "update order_contact set order_id = 4040"),
        ("status, settlement and moments of an order go together", "update orders set settlement = 0 where id = 401"),
        ("status, settlement and moments of an order go together", "update orders set status = 1 where id = 401"),
        ("status, settlement and moments of an order go together", "update orders set delivered = 1 where id = 401"),
        ("status, settlement and moments of an order go together", "update orders set status = 9 where id = 404"),
        ("status, settlement and moments of an order go together", "update orders set delivered_at = 1 where id = 401"),
        ("status, settlement and moments of an order go together", "update orders set settlement = 2 where id = 401"),
        ("status, settlement and moments of an order go together", "update orders set settlement = 3 where id = 401"),
        ("status, settlement and moments of an order go together", "update orders set expires_at = null where id = 403"),
        ("a payment is paid when it says at which moment", "update payment set paid_at = null where id = 605"),
        ("a final state stays", "update orders set status = 8 where id = 404"),
        ("a final state stays", "insert into order_note (order_id, kind, actor, at) values (404, 'delivered', 'x', 1)"),
        ("no reservation outlives its time", "update orders set expires_at = 1 where id = 403"),
        ("no cards are held for an order that is not waiting to be paid", "update order_part set state = 1 where order_id = 401"),

        ("no order gives back more than was paid; what it gave back went to its payer, unit by unit", "update orders set refunded = 1 where id = 401"),
        ("no order gives back more than was paid; what it gave back went to its payer, unit by unit", "delete from transfer_row where kind = 'refund_late'"),
        ("no order gives back more than was paid; what it gave back went to its payer, unit by unit",
            "update transfer_row set credit_account = (select id from account where party_id = 103) where kind = 'refund'"),
        ("no attempt gives back more than it took, and each refund is counted on it", "update payment_attempt set refunded = 240000 where id = 655"),
        ("no attempt gives back more than it took, and each refund is counted on it", "update payment set refunded = 240000 where id = 605"),
        ("no attempt gives back more than it took, and each refund is counted on it", "update channel_refund set amount = 240001"),
        ("all channels of a payment give back no more than they took, and what was paid twice goes back whole", "update channel_refund set amount = 240001"),
        ("all channels of a payment give back no more than they took, and what was paid twice goes back whole", "update channel_refund set payment_id = 604"),
        ("all channels of a payment give back no more than they took, and what was paid twice goes back whole",
            """
            insert into payment_attempt (id, payment_id, channel_id, method, amount, state, live, booked, created_at, expires_at, paid_at)
            values (699, 605, 1, 'page', 240000, 'paid', 0, 0, 1, 1, 1)
            """),
        ("money that a channel took is taken by what it pays, within ten minutes",
            "update payment set state = 'closed', paid_at = null where id = 605; update payment_attempt set paid_at = 1 where id = (select attempt_id from payment where id = 605)"),
        (BasketSum, "update payment set purpose = 'basket' where id = 605"),
        (BasketSum, "insert into basket (id, storefront_id, key, created_at) values (700, 1, 'x', 1); update payment set basket_id = 700 where id = 605"),
        ("each refund that is back is posted once, on the account of the way it went, and none before", "update channel_refund set way = 'bank'"),
        ("what goes back of money that only a statement knows was booked as nobody's first, and is no more than that",
            """
            insert into statement_line (channel_id, day, out_no, trade_no, back, amount, fee, at) values (1, '2026-01-01', 'o', 't', 0, 240000, 0, 1);
            update channel_refund set payment_id = null, attempt_id = null, line_id = (select min(id) from statement_line)
            """),
        ("each refund that is back is posted once, on the account of the way it went, and none before",
            "update channel_refund set state = 'failed'; insert into posting (id, kind, key, actor, at) select 1, 'channel_back', 'refund:' || id, 'x', 1 from channel_refund"),
        ("one trade of a channel pays one attempt, and one attempt pays a payment", "update payment set attempt_id = 654 where id = 605"),
        ("one trade of a channel pays one attempt, and one attempt pays a payment", "update payment set attempt_id = null where id = 605"),
        ("one trade of a channel pays one attempt, and one attempt pays a payment", "drop index payment_attempt_trade; update payment_attempt set trade_no = 'T5'"),
        ("what channels said they took stands in the ledger, and what they gave back", "update payment_attempt set booked = 1 where id = 655"),
        ("a payment is paid when it says at which moment", "update payment_attempt set paid_at = 1 where id = 654"),
        (WalletPaid, WalletPayment("paid", "101, 'x', 1")),
        (WalletPaid, WalletPayment("open", "null, null, null") + "; insert into posting (id, kind, key, actor, at) values (1, 'x', 'wallet_payment:655', 'x', 1)"),
        (WalletPaid, WalletPayment("open", "null, null, null") + "; insert into wallet_refund (refund_id, attempt_id, amount, at) values (1, 655, 1, 1)"),
        (WalletPaid, "update posting set kind = 'wallet_payment' where key = 'top_up:901'"),
        ("an attempt that wallets pay is paid when a wallet paid it", "update channel set protocol = 'wallet'"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "update top_up set fee = 500"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "update top_up set merchant_id = 102"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "update top_up set state = 'open', paid_at = null"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "update top_up set bonus = 0"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "update posting set key = 'top_up:99' where key = 'top_up:901'"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "update payment set amount = 110000 where id = 901"),
        ("each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is", "delete from payment where id = 901"),
        ("money that a channel took for a top-up pays a top-up", "delete from top_up"),
        ("a bonus rule has promised and given what its top-ups say, within its budget", "update bonus_rule set used = 20000"),
        ("a bonus rule has promised and given what its top-ups say, within its budget", "update top_up set rule_id = null"),
        ("a top-up is paid when it says at which moment", "update top_up set paid_at = null"),
        ("a closed day of a channel says what its lines, and ledger and booked differences, say",
            "insert into channel_day (channel_id, day, state, due_at, paid, proof) values (1, '2026-01-01', 'closed', 1, 100, 'x')"),
        ("a closed day of a channel says what its lines, and ledger and booked differences, say",
            "insert into channel_day (channel_id, day, state, due_at) values (1, '2026-01-01', 'closed', 1)"),
        ("each line of a closed day is a payment or a refund of ours to the fen, or was settled by persons",
            """
            insert into channel_day (channel_id, day, state, due_at, lines, paid, ledger, proof) values (1, '2026-01-01', 'closed', 1, 1, 100, 100, 'x');
            insert into statement_line (channel_id, day, out_no, trade_no, back, amount, fee, at) values (1, '2026-01-01', 'o', 't', 0, 100, 0, 1)
            """),
        ("what persons settled and what channels kept on closed days is posted, each once",
            "insert into payment_case (kind, about, opened_at, resolution, ours, theirs) values ('unknown_money', 'line:1', 1, 'booked', 0, 100)"),
        ("what persons settled and what channels kept on closed days is posted, each once",
            "insert into channel_day (channel_id, day, state, due_at, fees, proof) values (1, '2026-01-01', 'closed', 1, 5, 'x')"),
        ("what a channel's customer gets back is what the order gave back", "update payment set refunded = 0 where id = 605"),
        ("the frozen parts of a unit sum to its price", "update orders set a1_unit = a1_unit + 1 where id = 401"),
        ("the frozen parts of a unit sum to its price", "update orders set a1 = null where id = 401"),
        ("the lines of a settled order sum to what it had in escrow", "update settlement_part set amount = amount + 1 where order_id = 402 and role = 'platform'"),
        ("the lines of a settled order sum to what it had in escrow", "delete from settlement_part where order_id = 407 and role = 'platform'"),
        ("ancestors, merchant and channel fee got what was frozen for each released unit",
            "update settlement_part set amount = amount + 1 where order_id = 407 and role = 'ancestor'"),
        ("ancestors, merchant and channel fee got what was frozen for each released unit",
            "update settlement_part set amount = amount - 1 where order_id = 405 and role = 'merchant'"),
        ("ancestors, merchant and channel fee got what was frozen for each released unit", "update orders set fee = 0 where id = 405"),
        ("suppliers got the cost of each released unit", "update order_part set unit_cost = 80000 where order_id = 405 and no = 2"),
        ("suppliers got the cost of each released unit", "delete from settlement_part where order_id = 407 and role = 'supplier'"),
        ("a settlement paid each party the sum of its lines", "update settlement_part set party_id = 103 where order_id = 402 and role = 'ancestor'"),
        ("a settlement paid each party the sum of its lines", "update orders set unit_cost = unit_cost - 1 where id = 408"),
        ("a settlement paid each party the sum of its lines", "update orders set a1_unit = a1_unit + 1 where id = 408"),
        ("the lines of a settled order sum to what it had in escrow", "update orders set a1_unit = a1_unit + 1 where id = 408"),
        ("the lines of a settled order sum to what it had in escrow", "update transfer_row set amount = amount - 1 where order_id = 408"),
        ("a settlement's head is the sum of its lines and of what left escrow", "update orders set settlement_id = null where id = 408"),
        ("a settlement paid each party the sum of its lines", "delete from transfer_row where kind = 'settle_in' and amount = 38000"),
        ("a settlement's head is the sum of its lines and of what left escrow", "update settlement set orders = 2"),
        ("a settlement's head is the sum of its lines and of what left escrow", "update settlement set total = total + 1"),
        ("a late refund took back from the parties exactly what it paid", "delete from transfer_row where kind = 'take_back' and amount = 5000"),
        ("an escrow account holds exactly what its unreleased orders put there", "update orders set total = total + 2, unit_price = unit_price + 1 where id = 401"),
        ("an escrow account holds exactly what its unreleased orders put there", "update order_part set unit_cost = unit_cost + 1 where order_id = 406 and state = 2"),
        ("each released order has its lines, from one settlement, and no other has any", "delete from settlement_part where order_id = 402"),
        ("each released order has its lines, from one settlement, and no other has any", "update orders set settlement = 1 where id = 402"),
        ("each released order has its lines, from one settlement, and no other has any",
            "update settlement_part set settlement_id = 1 where order_id = 405 and role = 'fees'"),
        ("each released order has its lines, from one settlement, and no other has any", "update orders set settlement_id = null where id = 408"),
        ("each released order has its lines, from one settlement, and no other has any", "update orders set settlement_id = 1 where id = 408"),
        ("each released order has its lines, from one settlement, and no other has any", "update orders set settlement = 1 where id = 408"),
        ("what passes through settlement stays nowhere", "delete from transfer_row where kind = 'settle_in' and amount = 38000"),

        ("a flash sale counts the units that its orders hold and bought, and never more than it has", "update flash_sale set taken = taken + 1"),
        ("a flash sale counts the units that its orders hold and bought, and never more than it has", "update flash_sale set sold = sold - 1"),
        ("a flash sale counts the units that its orders hold and bought, and never more than it has", "update flash_sale set lapsed = 0"),
        ("a flash sale counts the units that its orders hold and bought, and never more than it has", "delete from flash_order where order_id = 404"),
        ("no buyer of a flash sale has two orders in it, or more than its quota", "update flash_order set buyer = 91 where order_id = 405"),
        ("no buyer of a flash sale has two orders in it, or more than its quota", "update flash_sale set quota = 1"),

        ("a supplier's deposit covers what it sells, or nothing of it is offered a minute later",
            "update sku set updated_at = 1; update product set updated_at = 1; insert into deposit_rate (category_id, amount, changed_at) values (1, 1, 1)"),
        ("a supplier's turnover of a day is what settlement paid it on that day", "insert into supplier_turnover (supplier_id, day, amount) values (201, 1, 1)"),
        ("what is on its way to the bank is the sum of the open payouts", Payout(1)),
        ("each payout took its money once, and paid it or gave it back once", Payout(6)),
        ("a payout that goes to the bank was approved by two persons", Payout(5)),
        ("what merchants are to be paid is the sum of the open withdrawals", Withdrawal(1)),
        ("each withdrawal took its money once, and paid it with its fee or gave it back once", Withdrawal(6)),
        ("a withdrawal that goes out was approved by as many persons as it needs", Withdrawal(5)),
        ("a withdrawal was asked for under a real name that was verified", Withdrawal(6, nameState: 1)),
    ];

    private const string EarningSum = "what each merchant earned by branch, and what of it was released, is what its orders, refunds and settlements gave it";
    private const string BasketSum = "a basket's payment is what its orders' payments are together, and none of these is paid by anything else";
    private const string WalletPaid = "what a wallet paid left it once, for a channel of wallets, and what went back to it came once";

    private static string WalletPayment(string state, string paid) =>
        $"""
        insert into wallet_payment (attempt_id, channel_id, code, amount, state, subject, return_path, merchant_id, paid_by, paid_at, created_at)
        values (655, 1, 'c', 100, '{state}', '', '', {paid}, 1)
        """;

    private static string Payout(int state) =>
        $"""
        insert into supplier_bank (id, supplier_id, sealed, tail, made_by, made_at) values (1, 201, '', '1', 'x', 1);
        insert into payout (id, supplier_id, bank_id, amount, key, state, asked_by, asked_at) values (1, 201, 1, 100, 'k', {state}, 1, 1)
        """;

    private static string Withdrawal(int state, int nameState = 2) => $"""
        insert into real_name (id, party_id, kind, sealed, tail, fingerprint, state, asked_by, asked_at, decided_at) values (1, 103, 1, '', '', '', {nameState}, 'x', 1, 1);
        insert into payee (id, merchant_id, kind, sealed, tail, made_by, made_at) values (1, 103, 1, '', '', 'x', 1);
        insert into withdrawal (id, merchant_id, payee_id, real_name_id, source, amount, fee, approvals, key, state, asked_by, asked_at)
            values (1, 103, 1, 1, 1, 100, 0, 1, 'k', {state}, 1, 1)
        """;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F42_Every_row_edited_by_hand_is_reported_by_its_invariant(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        (await FindingsAsync(world, null)).ShouldBeEmpty();

        var silent = new List<string>();
        foreach (var (check, sql) in _damages)
        {
            var findings = await FindingsAsync(world, sql);
            if (!findings.Contains(check)) silent.Add($"{sql} → {string.Join(" | ", findings)}");
        }

        silent.ShouldBeEmpty();
    }

    [Fact]
    public void Every_check_has_its_damage() =>
        Verification.Checks.Select(c => c.Text).Except(_damages.Select(d => d.Check)).ShouldBeEmpty();

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Verify_prints_a_line_for_each_invariant_and_the_offending_rows(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        var (code, lines) = await VerifyAsync(world);
        code.ShouldBe(0);
        lines.Select(l => l.Split(' ')[0]).ShouldBe(["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I13", "I17", "I19"]);
        lines.ShouldAllBe(l => l.Contains(" ok "));

        await world.Database.WriteAsync(s => s.ExecuteAsync("update card set lot_id = 1000 + seq"));
        (code, lines) = await VerifyAsync(world);
        code.ShouldBe(1);
        lines.ShouldContain("I3 FAILED 21 rows");
        lines.ShouldContain("  does not hold: each card has its lot (20 rows)");
        lines.ShouldContain(l => l.StartsWith("    lot_id=5 total=20 cards=0", StringComparison.Ordinal));
        lines.Count(l => l.StartsWith("    lot_id=10", StringComparison.Ordinal)).ShouldBe(20);
    }

    private static async Task<(int Code, List<string> Lines)> VerifyAsync(World world)
    {
        var output = new StringWriter();
        var code = await Lianka.Host.Commands.Verify.RunAsync(world.Settings, [], output);
        return (code, [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>What the proof finds after a damage, which is undone again.</summary>
    private static async Task<HashSet<string>> FindingsAsync(World world, string? damage)
    {
        HashSet<string> findings = [];
        try
        {
            await world.Database.WriteAsync(async s =>
            {
                if (damage is not null) await s.ExecuteAsync(damage);
                findings = [.. (await Verification.RunAsync(s, TimeProvider.System.Now())).Select(f => f.Check.Text)];
                throw new OperationCanceledException("undone");
            });
        }
        catch (OperationCanceledException)
        {
            // As wanted: the damage never was.
        }

        return findings;
    }
}
