using System.Text.Json.Nodes;
using Lianka.Tests.CrossCheck;

// Lets programs in other languages call the signing and checking of payment channels, so that independent implementations can
// be held against ours: a line of JSON {"op", …} in, a line of JSON out. Used by tests/Contract.
var ops = new Dictionary<string, Func<JsonNode, JsonObject>>(StringComparer.Ordinal);
StripeOps.Add(ops);
EpayOps.Add(ops);
UnionPayOps.Add(ops);
using var channels = new ChannelOps();

while (await Console.In.ReadLineAsync() is { } line)
{
    var asked = JsonNode.Parse(line)!;
    var op = (string?)asked["op"] ?? "";
    if (ChannelOps.Has(op)) Console.WriteLine((await channels.AnswerAsync(asked)).ToJsonString());
    else Console.WriteLine((ops.TryGetValue(op, out var act) ? act(asked) : new JsonObject { ["error"] = $"There is no op {op}." }).ToJsonString());
}
