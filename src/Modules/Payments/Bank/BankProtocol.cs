using System.Globalization;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Bank;

/// <summary>Transfers to the platform's own bank account: the payer writes a number into the transfer, a person confirms that the money came.</summary>
internal sealed class BankProtocol(Database database, TimeProvider clock) : IChannelProtocol
{
    /// <summary>A payment that ends sooner is not offered a transfer, unless the channel says otherwise.</summary>
    private const long MinutesDefault = 60;

    private const string Minutes = "minutes";

    public string Name => PayWays.Bank;
    public string Zh => "银行转账";
    public string En => "Bank transfer";
    public string BaseUrl => "";
    public bool IsInHouse => true;

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("holder", "户名", "Account holder"), new("bank", "开户行", "Bank"), new("account", "账号", "Account number"),
        new("note", "转账说明", "Instructions", IsOptional: true, IsText: true),
        new(Minutes, "至少还有多少分钟可付才提供（默认 60）", "Offered when so many minutes are left to pay (60 unless told)", IsOptional: true),
    ];

    public IReadOnlyList<PayMethod> Methods { get; } = [new("transfer", PayShape.Transfer, PayDevices.Desktop | PayDevices.Phone | PayDevices.InApp)];

    public TimeSpan TimeNeeded(Channel channel) => TimeSpan.FromMinutes(
        JsonSerializer.Deserialize<Dictionary<string, string>>(channel.Config)!.TryGetValue(Minutes, out var set) ? long.Parse(set, CultureInfo.InvariantCulture) : MinutesDefault);

    public IReadOnlyList<FieldError> Check(ChannelTerms terms)
    {
        var check = new FieldCheck();
        check.Name("holder", terms["holder"], 100);
        check.Name("bank", terms["bank"], 100);
        var account = terms["account"].Replace(" ", "", StringComparison.Ordinal);
        if (account.Length is < 6 or > 34 || !account.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            check.Add("account", "bad_account", "6 to 34 letters and digits.", "6 到 34 个数字或字母。");
        check.Text("note", terms["note"], 500, lines: true);
        if (terms[Minutes].Length > 0) check.Number(Minutes, terms[Minutes], 5, 10_080);
        return check.Errors;
    }

    public IChannel Open(ChannelTerms terms) => new BankChannel(database, terms, clock);
}
