using Lianka.Kernel;
using Lianka.Modules.Agents.Core;

namespace Lianka.Tests.Unit.Agents;

public sealed class SharedMapProperties
{
    /// <summary>Against an ordinary dictionary, in steps small and large, so that parts are copied, spread and emptied.</summary>
    [Fact]
    public void A_map_holds_what_a_dictionary_would_and_its_copies_never_change()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var (map, twin) = (SharedMap<SkuId, int>.Empty, new Dictionary<SkuId, int>());
            var kept = new List<(SharedMap<SkuId, int> Map, Dictionary<SkuId, int> Twin)>();
            for (var step = 0; step < 40; step++)
            {
                var many = random.Next(4) == 0 ? random.Next(3_000) : random.Next(4);
                var edit = map.Change(random.Next(3) == 0 ? many : 0);
                for (var i = 0; i < many; i++)
                {
                    var key = new SkuId(random.Next(1, 4_000) * 1_000L);
                    if (random.Next(3) == 0) edit.Remove(key).ShouldBe(twin.Remove(key), $"seed {seed}");
                    else twin[key] = edit[key] = random.Next();
                    edit.TryGetValue(key, out var now).ShouldBe(twin.TryGetValue(key, out var should), $"seed {seed}");
                    now.ShouldBe(should, $"seed {seed}");
                }

                map = edit.Done();
                kept.Add((map, new(twin)));
            }

            foreach (var (copy, should) in kept)
            {
                copy.Count.ShouldBe(should.Count, $"seed {seed}");
                copy.OrderBy(e => e.Key).ShouldBe(should.OrderBy(e => e.Key), $"seed {seed}");
                for (var i = 1; i < 4_000; i++)
                    copy.TryGetValue(new(i * 1_000L), out var value).ShouldBe(should.TryGetValue(new(i * 1_000L), out var there) && value == there, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void What_does_not_change_is_shared()
    {
        var map = SharedMap<SkuId, int>.Empty;
        map.Change().Done().ShouldBeSameAs(map);
        var edit = map.Change();
        edit.Remove(new(1)).ShouldBeFalse();
        edit.Done().ShouldBeSameAs(map);
        Should.Throw<KeyNotFoundException>(() => map[new(1)]);
    }
}
