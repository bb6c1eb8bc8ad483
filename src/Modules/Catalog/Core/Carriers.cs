namespace Lianka.Modules.Catalog.Core;

/// <summary>To which carrier of the mainland a mobile number was given out, by its first digits.</summary>
/// <remarks>
/// After the numbering plan of the MIIT, resellers' ranges counted to the network they use. A number that was taken along to
/// another carrier keeps its digits, so this says whose the number was at first.
/// </remarks>
internal static class Carriers
{
    public const string Mobile = "移动", Unicom = "联通", Telecom = "电信", Broadnet = "广电";

    public static readonly string[] All = [Mobile, Unicom, Telecom, Broadnet];

    private static readonly Dictionary<string, string> _by4 = new()
    {
        ["1349"] = Telecom, ["1700"] = Telecom, ["1701"] = Telecom, ["1702"] = Telecom, ["1703"] = Mobile, ["1705"] = Mobile,
        ["1706"] = Mobile, ["1704"] = Unicom, ["1707"] = Unicom, ["1708"] = Unicom, ["1709"] = Unicom,
    };

    private static readonly Dictionary<string, string> _by3 = Ranges(
        (Mobile, "134 135 136 137 138 139 144 147 148 150 151 152 157 158 159 165 172 178 182 183 184 187 188 195 197 198"),
        (Unicom, "130 131 132 140 145 146 155 156 166 167 171 175 176 185 186 196"),
        (Telecom, "133 141 149 153 162 173 174 177 180 181 189 190 191 193 199"),
        (Broadnet, "192"));

    /// <returns>Null: this is no number of 11 digits, or its range was not given out for telephones.</returns>
    public static string? Of(string number) => number.Length != 11 || !number.All(char.IsAsciiDigit) ? null : _by4.TryGetValue(number[..4], out var four) ? four : _by3.GetValueOrDefault(number[..3]);

    public static string English(string carrier) => carrier switch
    {
        Mobile => "China Mobile",
        Unicom => "China Unicom",
        Telecom => "China Telecom",
        _ => "China Broadnet",
    };

    private static Dictionary<string, string> Ranges(params (string Carrier, string Starts)[] all) =>
        all.SelectMany(c => c.Starts.Split(' ').Select(s => (s, c.Carrier))).ToDictionary();
}
