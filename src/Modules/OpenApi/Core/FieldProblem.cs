using Lianka.Kernel;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>What is wrong with one field of a request: an entry of <c>errors</c> in a problem answer.</summary>
/// <param name="Pointer">JSON Pointer into the body; empty: the body itself. Query parameters and headers stand as <c>?name</c> and <c>header</c>.</param>
/// <param name="Code">A key of <see cref="FieldProblemTexts"/>.</param>
/// <param name="Limit">Fills the text's placeholder, for example the most characters allowed.</param>
public sealed record FieldProblem(string Pointer, string Code, string Limit = "")
{
    /// <summary>Words of the very case, in place of the code's.</summary>
    public FieldError? Own { get; init; }
}

/// <summary>The codes of field problems, with what they say in both languages.</summary>
public static class FieldProblemTexts
{
    public const string NotJson = "not_json", NotUtf8 = "not_utf8", ByteOrderMark = "byte_order_mark", Duplicate = "duplicate",
        Required = "required", NotObject = "not_object", NotText = "not_text", NotArray = "not_array", Ticket = "ticket", NotInteger = "not_integer", NotBoolean = "not_boolean",
        Length = "length", Characters = "characters", NotAmount = "not_amount", NotPositive = "not_positive", NotUrl = "not_url",
        TooMany = "too_many", NotMoment = "not_moment", NotOneOf = "not_one_of", Range = "range", NotCursor = "not_cursor",
        Nonce = "nonce", Signed = "must_sign", Scope = "scope", Address = "address", Used = "used", TooLow = "too_low",
        NotOffered = "not_offered", StockShort = "stock_short", MediaType = "media_type", Suspended = "suspended", KnownCards = "known_cards", Key = "key", KeyUsed = "key_used", NoSupply = "no_supply";

    private static readonly Dictionary<string, (string English, string Chinese)> _texts = new(StringComparer.Ordinal)
    {
        [NotJson] = ("The body must be one JSON object and nothing else; it cannot be read at byte {0}.", "正文必须是一个完整的 JSON 对象，不能有别的内容；读到第 {0} 字节时出错。"),
        [NotUtf8] = ("The body must be valid UTF-8.", "正文必须是合法的 UTF-8。"),
        [ByteOrderMark] = ("The body must not begin with a byte order mark.", "正文开头不能带 BOM。"),
        [Duplicate] = ("This name must stand only once.", "同一个字段名只能出现一次。"),
        [Required] = ("This field is required.", "缺少这个必填字段。"),
        [NotObject] = ("Must be an object.", "必须是对象。"),
        [NotArray] = ("Must be an array.", "必须是数组。"),
        [Ticket] = ("Must be a ticket of this sale, unchanged and not expired.", "必须是本场的抢购码，原样填写且未过期。"),
        [NotText] = ("Must be a string.", "必须是字符串。"),
        [NotInteger] = ("Must be a whole JSON number such as 1: no quotes, no fraction, no exponent.", "必须是整数形式的 JSON 数字（例如 1），不能带引号、小数或指数。"),
        [NotBoolean] = ("Must be true or false.", "必须是 true 或 false。"),
        [Length] = ("Must be {0} characters long.", "长度必须是 {0} 个字符。"),
        [Characters] = ("Must not contain control characters or broken surrogate pairs.", "不能包含控制字符或残缺的字符。"),
        [NotAmount] = ("Must be a decimal string such as \"50.0000\": ASCII digits, at most 4 decimals, no sign, no exponent.", "必须是十进制金额字符串（例如 \"50.0000\"）：半角数字，最多 4 位小数，不带符号和指数。"),
        [NotPositive] = ("Must be more than zero.", "必须大于零。"),
        [NotUrl] = ("Must be an absolute http or https address of at most {0} characters without user name or password.", "必须是完整的 http 或 https 地址，最多 {0} 个字符，不能带用户名和密码。"),
        [TooMany] = ("Must not have more than {0} entries.", "最多 {0} 项。"),
        [NotMoment] = ("Must be a moment as in RFC 3339, for example 2026-01-31T08:00:00Z.", "必须是 RFC 3339 时间，例如 2026-01-31T08:00:00Z。"),
        [NotOneOf] = ("Must be one of: {0}.", "只能是：{0}。"),
        [Range] = ("Must be {0}.", "取值范围：{0}。"),
        [NotCursor] = ("Must be the value of page.next of an earlier answer.", "必须是之前应答里 page.next 的值。"),
        [Scope] = ("The key lacks the scope {0}.", "密钥缺少权限 {0}。"),
        [Address] = ("The key may not be used from the address {0}.", "这把密钥不允许从 {0} 使用。"),
        [Suspended] = ("The account is suspended.", "账户已停用。"),
        [Used] = ("This number already belongs to an order with other content.", "这个号已对应另一份内容的订单。"),
        [TooLow] = ("The order costs more than this now.", "现价已高于这个上限。"),
        [NotOffered] = ("This SKU is not offered to this account.", "这个规格不对本账户销售。"),
        [StockShort] = ("There are fewer units in stock.", "库存少于这个数量。"),
        ["unknown_field"] = ("These goods do not ask for this.", "该商品不需要这一项。"),
        ["bad_phone"] = ("Must be a mobile number of 11 digits.", "必须是 11 位手机号。"),
        ["wrong_carrier"] = ("The number belongs to a carrier that these goods are not for.", "该号码所属运营商不在本商品范围内。"),
        ["bad_email"] = ("Must be an e-mail address.", "必须是邮箱地址。"),
        ["bad_digits"] = ("Must be so many digits as the goods ask for.", "位数不符合商品要求。"),
        ["bad_account"] = ("Must be an account without blanks.", "账号中不能有空格。"),
        ["unknown_choice"] = ("Must be one of the choices of the goods.", "必须是商品给出的选项之一。"),
        ["too_long"] = ("Must be shorter.", "内容过长。"),
        [Key] = ("Must be 1 to 64 visible ASCII characters without blanks, new for each new content.", "必须是 1 到 64 个可见 ASCII 字符，不含空格；内容变了就换一个。"),
        [KeyUsed] = ("This key already belongs to another content.", "这个键已对应另一份内容。"),
        [NoSupply] = ("You have no supply of this SKU.", "你没有这个规格的货源。"),
        [KnownCards] = ("One of the cards was in stock before, or stands here twice.", "其中有卡密曾经入库，或者在这里填了两遍。"),
        [MediaType] = ("Must be application/json.", "必须是 application/json。"),
        [Nonce] = ("Must be 16 to 64 visible ASCII characters.", "必须是 16 到 64 个可见 ASCII 字符。"),
        [Signed] = ("Live keys sign every request; Bearer is for test keys.", "正式密钥必须签名；Bearer 只用于测试密钥。"),
    };

    public static IEnumerable<string> Codes => _texts.Keys;

    public static string Text(FieldProblem problem, bool isChinese)
    {
        if (problem.Own is { } own) return isChinese ? own.Zh : own.En;
        var (english, chinese) = _texts[problem.Code];
        return (isChinese ? chinese : english).Replace("{0}", problem.Limit, StringComparison.Ordinal);
    }
}
