using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lianka.Kernel;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Modules.Payments;

/// <summary>What a form or a scenario says about a channel, unchecked.</summary>
public sealed record ChannelDraft
{
    /// <summary>Of a new one only.</summary>
    public string Code { get; init; } = "";
    public string Protocol { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string BaseUrl { get; init; } = "";

    /// <summary>By field. On a change, a secret that is left out or empty stays as it was.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of methods; none: all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];
    public ChannelState State { get; init; }
    public string Priority { get; init; } = "100";
    public string Weight { get; init; } = "100";
    public string FeeBps { get; init; } = "60";
    public string AmountMin { get; init; } = "";
    public string AmountMax { get; init; } = "";
    public string DailyLimit { get; init; } = "";

    /// <summary><c>HH:MM</c> in China; both or none.</summary>
    public string OpenFrom { get; init; } = "";
    public string OpenTo { get; init; } = "";

    /// <summary>Numbers of merchants, separated by commas or spaces; empty: all.</summary>
    public string Merchants { get; init; } = "";

    /// <summary>A channel as it stands; without its secrets, which stay as they are.</summary>
    public static ChannelDraft Of(Channel channel) => new()
    {
        Code = channel.Code, Protocol = channel.Protocol, NameZh = channel.NameZh, NameEn = channel.NameEn, BaseUrl = channel.BaseUrl, State = channel.State,
        Values = JsonSerializer.Deserialize<Dictionary<string, string>>(channel.Config)!, Methods = channel.Methods.Length > 0 ? channel.Methods.Split(',') : [],
        Priority = $"{channel.Priority}", Weight = $"{channel.Weight}", FeeBps = $"{channel.FeeBps}",
        AmountMin = channel.AmountMin?.Text(2) ?? "", AmountMax = channel.AmountMax?.Text(2) ?? "", DailyLimit = channel.DailyLimit?.Text(2) ?? "",
        OpenFrom = Time(channel.OpenFrom), OpenTo = Time(channel.OpenTo), Merchants = channel.Merchants,
    };

    private static string Time(long? minute) => minute is { } m ? TimeOnly.MinValue.AddMinutes(m).ToString("HH:mm", CultureInfo.InvariantCulture) : "";
}

/// <summary>What became of a change of a channel.</summary>
public abstract record ChannelDecision
{
    private ChannelDecision() { }

    public sealed record Saved(Channel Value) : ChannelDecision;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : ChannelDecision;

    public sealed record Missing : ChannelDecision;
}

/// <summary>The front door of configured channels.</summary>
/// <remarks>Thread-safe. Secrets go in and never come out. A change counts from the next call on; calls on their way end as they began.</remarks>
public sealed partial class PaymentChannels(
    Database database, IdSource ids, CardVault vault, Ledger.Ledger ledger, IEnumerable<IChannelProtocol> protocols, IServiceProvider services, TimeProvider clock)
{
    /// <summary>Under which address channels reach this installation; without it, the address that this node listens at.</summary>
    public const string AddressSetting = "payment.base_url";

    /// <summary>Ends the name of a protocol's field for the key before, while a key is being changed.</summary>
    public const string FormerKey = "_old";

    private const string Columns =
        """
        select id, code, protocol, name_zh, name_en, base_url, config, notice_key, methods, state, priority, weight, fee_bps, amount_min, amount_max,
               daily_limit, open_from, open_to, merchants, created_at, updated_at from channel
        """;

    private readonly ConcurrentDictionary<long, (DateTimeOffset UpdatedAt, string Address, IChannel Channel)> _open = [];

    public IReadOnlyList<IChannelProtocol> Protocols { get; } = [.. protocols];

    public IChannelProtocol? Protocol(string name) => Protocols.FirstOrDefault(p => p.Name == name);

    public Task<List<Channel>> ListAsync(CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Channel>($"{Columns} order by priority, id"), cancel);

    public Task<Channel?> FindAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Channel>($"{Columns} where id = @id", new { id }), cancel);

    /// <summary>The channel whose notices come to this address.</summary>
    public Task<Channel?> OfNoticeKeyAsync(string noticeKey, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Channel>($"{Columns} where notice_key = @noticeKey", new { noticeKey }), cancel);

    /// <summary>Which secrets a channel has, by field; never their values.</summary>
    public async Task<IReadOnlySet<string>> KnownSecretsAsync(long id, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => SecretsAsync(s, id), cancel)).Keys.ToHashSet();

    public async Task<ChannelDecision> CreateAsync(ChannelDraft draft, CancellationToken cancel = default)
    {
        var now = clock.Now();
        var made = new Channel
        {
            Id = await ids.NextAsync(), Code = draft.Code, Protocol = draft.Protocol,
            NoticeKey = RandomNumberGenerator.GetHexString(32, lowercase: true), CreatedAt = now, UpdatedAt = now,
        };
        var (value, secrets, errors) = Check(draft, made, new Dictionary<string, string>());
        if (!CodeForm().IsMatch(draft.Code) || IsReserved(draft.Code))
            errors = [.. errors, new("code", "bad_code", "Up to 20 small letters, digits and hyphens, beginning with a letter.", "最多 20 个小写字母、数字或连字符，以字母开头。")];
        if (errors.Count > 0) return new ChannelDecision.Refused(errors);
        return await database.WriteAsync<ChannelDecision>(async s =>
        {
            if (await s.ScalarAsync<long?>("select id from channel where code = @Code", new { value.Code }) is not null)
                return new ChannelDecision.Refused([new("code", "taken", "Another channel has this code.", "已有通道使用这个代码。")]);
            await s.ExecuteAsync("""
                insert into channel (id, code, protocol, name_zh, name_en, base_url, config, secrets, notice_key, methods, state, priority, weight, fee_bps,
                                     amount_min, amount_max, daily_limit, open_from, open_to, merchants, created_at, updated_at)
                values (@Id, @Code, @Protocol, @NameZh, @NameEn, @BaseUrl, @Config, @Secrets, @NoticeKey, @Methods, @State, @Priority, @Weight, @FeeBps,
                        @AmountMin, @AmountMax, @DailyLimit, @OpenFrom, @OpenTo, @Merchants, @CreatedAt, @UpdatedAt)
                """, Row(value, secrets));
            await ledger.OpenAsync(s, value.Account, Ledger.Parties.Platform);
            return new ChannelDecision.Saved(value);
        }, cancel);
    }

    /// <summary>The clearing account of this name is not a channel's.</summary>
    public static bool IsReserved(string code) => code is "bank" or PaymentBook.Clearing;

    /// <summary>Changes all but code and protocol.</summary>
    public Task<ChannelDecision> UpdateAsync(long id, ChannelDraft draft, CancellationToken cancel = default) => UpdateAsync(id, (_, _) => (draft, []), cancel);

    /// <summary>Takes a new key into use and keeps the one before beside it, so that what was signed with either verifies (F31). Nothing is shown of both.</summary>
    /// <param name="field">A field that the protocol also has with <see cref="FormerKey"/>.</param>
    public Task<ChannelDecision> ReplaceKeyAsync(long id, string field, string value, CancellationToken cancel = default) => UpdateAsync(id, (channel, known) =>
    {
        var draft = ChannelDraft.Of(channel);
        var (old, present) = (field + FormerKey, known.GetValueOrDefault(field) ?? draft.Values.GetValueOrDefault(field, ""));
        if (Protocol(channel.Protocol)?.Fields.Any(f => f.Name == old) != true)
            return (draft, [new(field, "unknown_value", "This key has no second one beside it: change it in the form.", "这个密钥不支持新旧并存，请在表单里直接更换。")]);
        if (value.Trim().Length == 0) return (draft, [new(field, "required", "Give the new key.", "请填写新的密钥。")]);
        if (value.Trim() == present) return (draft, [new(field, "same_key", "This is the key that is in use.", "这就是正在用的密钥。")]);
        if (known.ContainsKey(old) || draft.Values.GetValueOrDefault(old, "").Length > 0)
            return (draft, [new(field, "overlap", "The last change is not over: end it first.", "上一次更换还没有结束，请先结束过渡。")]);
        return (draft with { Values = new Dictionary<string, string>(draft.Values) { [field] = value, [old] = present } }, []);
    }, cancel);

    /// <summary>From now on only the new key counts; what is signed with the former is refused.</summary>
    public Task<ChannelDecision> EndOverlapAsync(long id, string field, CancellationToken cancel = default) => UpdateAsync(id, (channel, known) =>
    {
        known.Remove(field + FormerKey);
        var draft = ChannelDraft.Of(channel);
        return (draft with { Values = draft.Values.Where(v => v.Key != field + FormerKey).ToDictionary() }, []);
    }, cancel);

    /// <param name="change">Given the channel and its secrets, which it may take away from.</param>
    private Task<ChannelDecision> UpdateAsync(
        long id, Func<Channel, Dictionary<string, string>, (ChannelDraft Draft, IReadOnlyList<FieldError> Errors)> change, CancellationToken cancel) =>
        database.WriteAsync<ChannelDecision>(async s =>
        {
            if (await s.FirstAsync<Channel>($"{Columns} where id = @id{s.ForUpdate}", new { id }) is not { } before) return new ChannelDecision.Missing();
            var known = await SecretsAsync(s, id);
            var (draft, refused) = change(before, known);
            if (refused.Count > 0) return new ChannelDecision.Refused(refused);
            // Later than before even within one microsecond: what is open is recognised by it.
            var now = clock.Now();
            var (value, secrets, errors) = Check(
                draft, before with { UpdatedAt = now > before.UpdatedAt ? now : before.UpdatedAt.AddMicroseconds(1) }, known);
            if (errors.Count > 0) return new ChannelDecision.Refused(errors);
            await s.ExecuteAsync("""
                update channel set name_zh = @NameZh, name_en = @NameEn, base_url = @BaseUrl, config = @Config, secrets = @Secrets, methods = @Methods, state = @State,
                       priority = @Priority, weight = @Weight, fee_bps = @FeeBps, amount_min = @AmountMin, amount_max = @AmountMax, daily_limit = @DailyLimit,
                       open_from = @OpenFrom, open_to = @OpenTo, merchants = @Merchants, updated_at = @UpdatedAt
                where id = @Id
                """, Row(value, secrets));
            return new ChannelDecision.Saved(value);
        }, cancel);

    /// <summary>On or off. One that is off takes no new payments.</summary>
    /// <returns>False: it is not there.</returns>
    public async Task<bool> SwitchAsync(long id, ChannelState state, CancellationToken cancel = default) => await database.WriteAsync(s => s.ExecuteAsync(
        "update channel set state = @State, updated_at = case when @now > updated_at then @now else updated_at + 1 end where id = @id",
        new { id, State = state == ChannelState.Active ? "active" : "off", now = clock.Now() }), cancel) > 0;

    /// <summary>The channel, ready to be called, with its configuration as it stands now. One that is off answers questions and gives money back.</summary>
    /// <exception cref="ChannelException">Its protocol is not known here, or nothing listens yet.</exception>
    public async Task<IChannel> OpenAsync(Channel channel, CancellationToken cancel = default) =>
        await OpenAsync(channel, await AddressAsync(cancel) ?? throw new ChannelException($"The server is not listening yet; set '{AddressSetting}'."), cancel);

    /// <summary>As <see cref="OpenAsync(Channel, CancellationToken)"/>, for questions that are answered at once: a program that serves nothing has no address to be called back at.</summary>
    /// <exception cref="ChannelException">Its protocol is not known here.</exception>
    internal async Task<IChannel> OpenToAskAsync(Channel channel, CancellationToken cancel) => await OpenAsync(channel, await AddressAsync(cancel) ?? "", cancel);

    private async Task<IChannel> OpenAsync(Channel channel, string address, CancellationToken cancel)
    {
        if (_open.TryGetValue(channel.Id, out var open) && open.UpdatedAt == channel.UpdatedAt && open.Address == address) return open.Channel;
        var protocol = Protocol(channel.Protocol) ?? throw new ChannelException($"Channel {channel.Code} speaks '{channel.Protocol}', which is not known here.");
        var values = JsonSerializer.Deserialize<Dictionary<string, string>>(channel.Config)!;
        foreach (var (name, secret) in await database.ReadAsync(s => SecretsAsync(s, channel.Id), cancel)) values[name] = secret;
        var made = protocol.Open(Terms(channel, protocol, values, address));
        _open[channel.Id] = (channel.UpdatedAt, address, made);
        return made;
    }

    /// <inheritdoc cref="OpenAsync(Channel, CancellationToken)"/>
    internal async Task<(Channel Channel, IChannel Open)> OpenAsync(long id, CancellationToken cancel)
    {
        var channel = await FindAsync(id, cancel) ?? throw new ChannelException($"There is no channel {id}.");
        return (channel, await OpenAsync(channel, cancel));
    }

    private async Task<string?> AddressAsync(CancellationToken cancel)
    {
        var set = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = @AddressSetting", new { AddressSetting }), cancel);
        return string.IsNullOrEmpty(set) ? BoundAddress.Of(services)?.ToString().TrimEnd('/') : set.TrimEnd('/');
    }

    private static ChannelTerms Terms(Channel channel, IChannelProtocol protocol, IReadOnlyDictionary<string, string> values, string address) => new()
    {
        BaseUrl = channel.BaseUrl.Length > 0 ? channel.BaseUrl : protocol.BaseUrl, ChannelId = channel.Id, Values = values, NotifyUrl = address + channel.NoticePath,
    };

    private (Channel Value, byte[]? Secrets, IReadOnlyList<FieldError> Errors) Check(ChannelDraft draft, Channel made, IReadOnlyDictionary<string, string> known)
    {
        var check = new FieldCheck();
        var (zh, en) = (check.Name("name_zh", draft.NameZh), check.Name("name_en", draft.NameEn));
        check.Defined("state", draft.State);
        var baseUrl = draft.BaseUrl.Trim().TrimEnd('/');
        if (baseUrl.Length > 0 && (baseUrl.Length > 300 || !GuardedHttp.IsWebAddress(baseUrl) || new Uri(baseUrl) is { Query.Length: > 0 } or { Fragment.Length: > 0 }))
            check.Add("base_url", "bad_url", "Give a whole address that begins with https:// (or http://), without ? and #.", "请填写以 https://（或 http://）开头的完整网址，不带 ? 和 #。");
        var value = made with
        {
            NameZh = zh, NameEn = en, BaseUrl = baseUrl, State = draft.State, Methods = string.Join(',', draft.Methods),
            Priority = check.Number("priority", draft.Priority, 0, 10_000), Weight = check.Number("weight", draft.Weight, 1, 1_000),
            FeeBps = check.Number("fee_bps", draft.FeeBps, 0, 2_000),
            AmountMin = Amount("amount_min", draft.AmountMin), AmountMax = Amount("amount_max", draft.AmountMax), DailyLimit = Amount("daily_limit", draft.DailyLimit),
            OpenFrom = Minute("open_from", draft.OpenFrom), OpenTo = Minute("open_to", draft.OpenTo), Merchants = Merchants(draft.Merchants),
        };
        if (value.OpenFrom is null != value.OpenTo is null) check.Add("open_to", "required", "Give both times or none.", "两个时间要么都填，要么都不填。");
        if (Protocol(made.Protocol) is not { } protocol)
        {
            check.Add("protocol", "unknown_value", "Choose one of the values offered.", "请选择给出的选项之一。");
            return (value, null, check.Errors);
        }

        if (draft.Methods.Except(protocol.Methods.Select(m => m.Name)).Any())
            check.Add("methods", "unknown_value", "Choose from the methods offered.", "请从给出的方式中选择。");
        var (open, secret) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var field in protocol.Fields)
        {
            var given = draft.Values.GetValueOrDefault(field.Name, "").Trim();
            if (given.Length == 0 && field.IsSecret) given = known.GetValueOrDefault(field.Name, "");
            if (given.Length == 0)
            {
                if (!field.IsOptional) check.Add(field.Name, "required", $"{field.En}: fill this in.", $"{field.Zh}：请填写。");
            }
            else if (field.Choices is { } choices && !choices.Contains(given))
                check.Add(field.Name, "unknown_value", $"{field.En}: choose one of the values offered.", $"{field.Zh}：请选择给出的选项之一。");
            else if (given.Length > (field.IsText ? 20_000 : 500) || (!field.IsText && given.Any(char.IsControl)))
                check.Add(field.Name, "too_long", $"{field.En}: one line of at most 500 characters.", $"{field.Zh}：一行，最多 500 个字符。");
            else (field.IsSecret ? secret : open)[field.Name] = given;
        }

        if (check.Errors.Count == 0)
        {
            var values = open.Concat(secret).ToDictionary();
            var terms = Terms(value, protocol, values, "http://localhost");
            foreach (var error in protocol.Check(terms)) check.Add(error.Field, error.Code, error.En, error.Zh);
            var taken = protocol.Methods.Where(m => value.Has(m) && protocol.Takes(m, terms)).Select(m => m.Name).ToList();
            if (taken.Count == 0) check.Add("methods", "incomplete", "The methods that were chosen lack values that they need.", "所选的方式缺少必要的参数。");
            else if (taken.Count < protocol.Methods.Count(value.Has)) value = value with { Methods = string.Join(',', taken) };
        }

        return (value with { Config = JsonSerializer.Serialize(open) }, secret.Count == 0 ? null : vault.Seal(JsonSerializer.Serialize(secret), Context(made.Id)), check.Errors);

        Money? Amount(string field, string text)
        {
            if (text.Trim().Length == 0) return null;
            if (Money.TryParse(text.Trim(), out var money) && money.IsPositive && money.IsWholeFen) return money;
            check.Add(field, "bad_amount", "An amount in yuan with two places, above 0.", "大于 0 的金额（元），最多两位小数。");
            return null;
        }

        string Merchants(string text)
        {
            var numbers = text.Split([',', '，', '、', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
            if (numbers.Find(n => !MerchantId.TryParse(n, out _)) is { } odd)
                check.Add("merchants", "unknown_value", $"'{odd}' is no merchant's number.", $"“{odd}”不是代理的编号。");
            else if (numbers.Count > 200)
                check.Add("merchants", "too_many", "At most 200 merchants.", "最多 200 个代理。");
            return string.Join(',', numbers);
        }

        long? Minute(string field, string text)
        {
            if (text.Trim().Length == 0) return null;
            if (TimeOnly.TryParseExact(text.Trim(), "HH:mm", out var time)) return (time.Hour * 60) + time.Minute;
            check.Add(field, "bad_time", "A time such as 08:30.", "时间，例如 08:30。");
            return null;
        }
    }

    private async Task<Dictionary<string, string>> SecretsAsync(Session session, long id) =>
        await session.ScalarAsync<byte[]>("select secrets from channel where id = @id", new { id }) is { } box
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(vault.Open(box, Context(id)))! : [];

    internal static SealedColumn Sealed { get; } = new("channel", "id", "secrets", id => $"channel:{id}");

    private static string Context(long id) => $"channel:{id}";

    private static object Row(Channel v, byte[]? secrets) => new
    {
        v.Id, v.Code, v.Protocol, v.NameZh, v.NameEn, v.BaseUrl, v.Config, Secrets = secrets, v.NoticeKey, v.Methods, State = v.State == ChannelState.Active ? "active" : "off",
        v.Priority, v.Weight, v.FeeBps, AmountMin = v.AmountMin?.Units, AmountMax = v.AmountMax?.Units, DailyLimit = v.DailyLimit?.Units, v.OpenFrom, v.OpenTo,
        v.Merchants, v.CreatedAt, v.UpdatedAt,
    };

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,19}\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex CodeForm();
}
