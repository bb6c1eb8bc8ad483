using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>Reads the configuration of a connection. Every problem names its place.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/ConfigExamples.cs.</remarks>
internal static partial class ConfigReader
{
    private const int LengthMax = 64 * 1024;

    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly Dictionary<string, SignAlgorithm> _algorithms = new()
    {
        ["md5"] = SignAlgorithm.Md5, ["sha1"] = SignAlgorithm.Sha1, ["sha256"] = SignAlgorithm.Sha256,
        ["hmac_sha1"] = SignAlgorithm.HmacSha1, ["hmac_sha256"] = SignAlgorithm.HmacSha256,
    };

    private static readonly Dictionary<string, SignForm> _forms = new() { ["hex"] = SignForm.HexLower, ["HEX"] = SignForm.HexUpper, ["base64"] = SignForm.Base64 };
    private static readonly Dictionary<string, bool> _units = new() { ["yuan"] = false, ["fen"] = true };

    /// <returns>Null when there are problems.</returns>
    public static (HttpConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string text)
    {
        var problems = new List<ConfigProblem>();
        if (text.Length > LengthMax) return (null, [new("", $"longer than {LengthMax} characters", $"超过 {LengthMax} 个字符")]);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, _options);
        }
        catch (JsonException fault)
        {
            return (null, [new($"line {(fault.LineNumber ?? 0) + 1}", "is not JSON", "不是正确的 JSON")]);
        }

        using (document)
        {
            var root = new ConfigNode(document.RootElement, "", problems);
            var secrets = SecretsOf(root);
            var reader = new CallReader(problems, secrets.Select(s => s.Name).ToHashSet());
            var limit = TimeSpan.FromSeconds(root.Number("time_limit_s", HttpConfig.TimeLimitSecondsUsual, 1, 120));
            var general = root.Node("sign");
            var orderSign = general is null ? null : SignOf(general, CallValues.OrderSign, reader);
            var buy = reader.Call(root, "buy", isRequired: true, orderSign, CallValues.Order, CallValues.OrderSign);
            var query = reader.Call(root, "query", isRequired: true, orderSign, CallValues.Order, CallValues.OrderSign);
            var balance = reader.Call(root, "balance", isRequired: false, orderSign, CallValues.Account, CallValues.AccountSign);
            var notice = root.Node("notice") is { } node ? NoticeOf(node, reader) : null;
            root.Close();
            if (buy is { Kind: BodyKind.None }) problems.Add(new("buy.body", "a purchase is sent with a body: only then is it never sent twice by the network layer", "下单必须带请求体，这样网络层才绝不会重发"));
            if (problems.Count > 0 || buy is null || query is null) return (null, problems);
            return (new HttpConfig { TimeLimit = limit, Secrets = secrets, Buy = buy, Query = query, Balance = balance, Notice = notice }, []);
        }
    }

    private static List<SecretName> SecretsOf(ConfigNode root)
    {
        var secrets = new List<SecretName>();
        foreach (var (name, value) in root.Each("secrets"))
        {
            if (!NamePattern().IsMatch(name)) root.Problem($"secrets.{name}", "use small letters, digits and _", "请用小写字母、数字和下划线");
            var node = new ConfigNode(value, root.PathOf($"secrets.{name}"), root.Problems);
            secrets.Add(new SecretName(name, node.Text("zh", isRequired: true, 40) ?? name, node.Text("en", isRequired: true, 40) ?? name));
            node.Close();
        }

        return secrets;
    }

    public static SignRule? SignOf(ConfigNode node, IReadOnlySet<string> holes, CallReader reader)
    {
        var algorithm = node.OneOf("algorithm", node.Text("algorithm", isRequired: true) ?? "md5", _algorithms, SignAlgorithm.Md5);
        var form = node.Choice("form", _forms, SignForm.HexLower);
        var text = reader.Template(node, "text", holes, isRequired: true);
        var key = reader.Template(node, "key", new HashSet<string> { "secret:" }, isRequired: false);
        if ((algorithm is SignAlgorithm.HmacSha1 or SignAlgorithm.HmacSha256) != (key is not null))
            node.Problem("key", "belongs to an hmac algorithm, and only there", "只有 hmac 算法才有，而且必须有");
        // A signature without a secret proves nothing (F27).
        if (text is not null && algorithm is not (SignAlgorithm.HmacSha1 or SignAlgorithm.HmacSha256) && text.Holes.All(h => h.Name != "secret")) node.Problem("text", "contains no {secret:…}: anybody could sign", "里面没有 {secret:…}，谁都能签");
        node.Close();
        return text is null ? null : new SignRule(algorithm, text, key, form);
    }

    private static NoticeRule? NoticeOf(ConfigNode node, CallReader reader)
    {
        var sign = node.Node("sign") is { } rule ? SignOf(rule, NoticeReader.Holes, reader) : null;
        var where = node.Text("signature", isRequired: sign is not null);
        string? header = null;
        JsonPath? path = null;
        if (where?.StartsWith("header:", StringComparison.Ordinal) == true) header = where["header:".Length..];
        else if (where is not null && (path = JsonPath.Parse(where)) is null) node.Problem("signature", "must be header:NAME or a path such as $.sign", "要写成 header:名字 或 $.sign 这样的路径");
        var unsigned = node.Texts("unsigned").ToHashSet();
        var isHint = node.Flag("hint");
        if (sign is null && !isHint) node.Problem("hint", "must be true where notices are not signed", "通知没有签名时必须为 true");
        var thanks = node.Text("thanks", isRequired: true, 200);
        var answer = node.Node("answer", isRequired: true) is { } inside ? AnswerOf(inside, AnswerFor.Notice) : null;
        node.Close();
        return answer is null || thanks is null ? null : new NoticeRule(sign, header, path, unsigned, isHint, answer, thanks);
    }

    public enum AnswerFor { Order, Notice, Balance }

    public static AnswerRule AnswerOf(ConfigNode node, AnswerFor purpose)
    {
        var state = purpose == AnswerFor.Balance ? null : node.Node("state", isRequired: true);
        var states = new Dictionary<string, UpstreamState>();
        UpstreamState? always = null, other = null;
        JsonPath? statePath = null;
        if (state is not null)
        {
            statePath = state.Path("at");
            always = state.Has("always") ? state.Choice("always", _states, UpstreamState.Accepted) : null;
            other = state.Has("else") ? state.Choice("else", _states, UpstreamState.Accepted) : null;
            foreach (var (told, means) in state.Each("map"))
                states[told] = state.OneOf($"map.{told}", means.ValueKind == JsonValueKind.String ? means.GetString()! : "", _states, UpstreamState.Accepted);
            if ((statePath is null) == (always is null)) state.Problem("at", "give either at with map, or always", "要么写 at 和 map，要么写 always");
            // What is new to the configuration must not become money back, or money spent.
            if (other is not (null or UpstreamState.Accepted)) state.Problem("else", "can only be accepted", "只能是 accepted");
            state.Close();
        }

        var rule = new AnswerRule
        {
            Code = node.Text("code") is not { } code ? null : code == "http" ? null : PathOf(node, "code", code),
            Ok = purpose == AnswerFor.Notice ? new HashSet<string>() : node.Texts("ok").ToHashSet(),
            Errors = FaultsOf(node, "errors"),
            Exists = node.Path("exists"),
            State = statePath, Always = always, States = states, OtherStates = other,
            Failures = FaultsOf(node, "failures"),
            OwnNo = node.Path("own_no"), UpstreamNo = node.Path("upstream_no"),
            Charged = node.Path("charged"), Returned = node.Path("returned"), IsInFen = node.Choice("money", _units, false),
            Receipt = node.Path("receipt"), Message = node.Path("message"),
            Cards = node.Node("cards") is { } cards ? CardsOf(cards) : null,
            IsDeliveredByReturn = node.Has("delivered_by_return") && node.Flag("delivered_by_return"),
            Delivered = node.Path("delivered"),
            Balance = purpose == AnswerFor.Balance ? node.Path("balance", isRequired: true) : null,
        };
        if (purpose != AnswerFor.Notice && rule.Ok.Count == 0) node.Problem("ok", "name at least one code that means yes", "至少写一个表示成功的返回码");
        if (rule.IsDeliveredByReturn && (rule.Charged is null || rule.Returned is null)) node.Problem("delivered_by_return", "needs charged and returned", "需要同时有 charged 和 returned");
        node.Close();
        return rule;
    }

    private static JsonPath? PathOf(ConfigNode node, string name, string text)
    {
        var path = JsonPath.Parse(text);
        if (path is null) node.Problem(name, $"'{text}' is neither http nor a path such as $.code", $"「{text}」既不是 http，也不是 $.code 这样的路径");
        return path;
    }

    private static List<FaultRule> FaultsOf(ConfigNode node, string name) => [.. node.Items(name).Select(item =>
    {
        var (code, text) = (item.Text("code"), item.Text("text"));
        if (code is null && text is null) item.Problem("", "needs a code or a text", "要有 code 或 text");
        var (fault, isAbsent) = item.OneOf("means", item.Text("means", isRequired: true) ?? "other", _faults, (null, false));
        item.Close();
        return new FaultRule(code, text, fault, isAbsent);
    })];

    private static CardsRule? CardsOf(ConfigNode node)
    {
        var (at, number, secret) = (node.Path("at", isRequired: true), node.Path("number"), node.Path("secret"));
        var (separator, between) = (node.Text("separator", max: 8), node.Text("between", max: 8));
        if (separator is not null && (number ?? secret) is not null) node.Problem("separator", "is for a text, number and secret are for a list", "separator 用于一段文字，number 和 secret 用于列表");
        if (separator is "") node.Problem("separator", "must not be empty", "不能为空");
        node.Close();
        return at is null ? null : new CardsRule(at, number, secret, separator, between is "" ? null : between);
    }

    private static readonly Dictionary<string, UpstreamState> _states = new()
    {
        ["accepted"] = UpstreamState.Accepted, ["succeeded"] = UpstreamState.Succeeded, ["failed"] = UpstreamState.Failed, ["partial"] = UpstreamState.Partial,
    };

    private static readonly Dictionary<string, (UpstreamFault? Fault, bool IsAbsent)> _faults = new()
    {
        ["account"] = (UpstreamFault.Account, false), ["goods"] = (UpstreamFault.Goods, false), ["price"] = (UpstreamFault.Price, false),
        ["balance"] = (UpstreamFault.Balance, false), ["access"] = (UpstreamFault.Access, false), ["other"] = (UpstreamFault.Other, false),
        ["unknown"] = (null, false), ["absent"] = (null, true),
    };

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,39}\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NamePattern();
}
