using System.Text.Json.Nodes;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Epay.Core;

namespace Lianka.Tests.CrossCheck;

internal static class EpayOps
{
    public static void Add(Dictionary<string, Func<JsonNode, JsonObject>> ops)
    {
        ops["epay.md5"] = asked => new() { ["sign"] = EpaySign.Md5(Fields(asked), (string)asked["key"]!, EpaySign.Dialect((string)asked["dialect"]!)) };
        ops["epay.md5.verify"] = asked => new() { ["ok"] = EpaySign.IsMd5Genuine(Fields(asked), (string)asked["key"]!, EpaySign.Dialect((string)asked["dialect"]!)) };
        ops["epay.rsa"] = asked => new() { ["sign"] = EpaySign.Rsa(Fields(asked), RsaKey.Private((string)asked["key"]!)!) };
        ops["epay.rsa.verify"] = asked => new() { ["ok"] = EpaySign.IsRsaGenuine(Fields(asked), RsaKey.Public((string)asked["key"]!)) };
    }

    public static Dictionary<string, string> Fields(JsonNode asked) => asked["fields"]!.AsObject().ToDictionary(f => f.Key, f => (string)f.Value!);
}
