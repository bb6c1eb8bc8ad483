using System.Text;
using System.Text.Json.Nodes;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels.Stripe.Core;

namespace Lianka.Tests.CrossCheck;

internal static class StripeOps
{
    public static void Add(Dictionary<string, Func<JsonNode, JsonObject>> ops)
    {
        ops["stripe.sign"] = asked => new() { ["signature"] = StripeSignature.Sign((string)asked["secret"]!, (string)asked["time"]!, Encoding.UTF8.GetBytes((string)asked["body"]!)) };
        ops["stripe.verify"] = asked => new()
        {
            ["ok"] = StripeSignature.IsGenuine((string)asked["header"]!, Encoding.UTF8.GetBytes((string)asked["body"]!), [.. asked["secrets"]!.AsArray().Select(s => (string)s!)], DateTimeOffset.FromUnixTimeSeconds((long)asked["now"]!)),
        };
    }
}
