using Lianka.Modules.Catalog;
using Lianka.Modules.Catalog.Core;

namespace Lianka.Tests.Unit.Catalog;

public sealed class SearchExamples
{
    private static readonly string[][] _shop =
    [
        ["王者荣耀 点券", "Honor of Kings tokens", "wzry"],
        ["Steam 钱包充值码", "Steam wallet code", "steam-50"],
        ["中国移动话费", "China Mobile top-up", "cmcc-30"],
        ["QQ音乐 绿钻", "QQ Music Green Diamond", "qq-30"],
        ["重庆 银行卡礼品", "Chongqing gift", "cq-1"],
        ["原神 创世结晶", "Genshin Impact Crystals", "ys-60"],
    ];

    private static readonly SearchEntry[] _entries =
        [.. _shop.Select((t, i) => new SearchEntry(new ProductId(i), 1, SearchText.Of(t[..2]), SearchText.Of(t[2..])))];

    [Theory]
    [InlineData("王者荣耀", "0")]
    [InlineData("王者", "0")]
    [InlineData("wzry", "0")]
    [InlineData("wangzherongyao", "0")]
    [InlineData("WangZhe RongYao", "0")]
    [InlineData("wangzhe", "0")]
    [InlineData("wangzher", "0")] // the last syllable is only begun
    [InlineData("wzrongyao", "0")]
    [InlineData("王者ry", "0")]
    [InlineData("王者容耀", "0")] // sounds the same
    [InlineData("王者榕摇", "0")]
    [InlineData("王者榮耀", "0")] // written the old way
    [InlineData("ｗｚｒｙ", "0")]
    [InlineData("hf", "2")]
    [InlineData("huafei", "2")]
    [InlineData("zhgyd", "2")] // zh is a beginning too
    [InlineData("zzyd", "")]
    [InlineData("zgyd", "2")]
    [InlineData("zhongguoyidong", "2")]
    [InlineData("qqyy", "3")] // 乐 is read le and yue
    [InlineData("yinyue", "3")]
    [InlineData("lvzuan", "3")]
    [InlineData("lvz", "3")]
    [InlineData("chongqing", "4")]
    [InlineData("yinhang", "4")]
    [InlineData("steamqianbao", "1")]
    [InlineData("steam 50", "1")]
    [InlineData("team", "1")] // inside a word, as it is written
    [InlineData("steam 30", "")] // both words have to fit
    [InlineData("原s", "5")]
    [InlineData("ys", "5")]
    public void What_is_typed_finds_its_goods(string query, string found) => Find(query).ShouldBe((found, false));

    [Theory]
    [InlineData("steem", "1")]
    [InlineData("staem", "")] // two letters in five
    [InlineData("stem", "1")]
    [InlineData("steeam", "1")]
    [InlineData("steem 50", "1")]
    [InlineData("王者光耀", "0")]
    [InlineData("王者耀", "0")]
    [InlineData("王老荣耀", "0")]
    [InlineData("wangzerongyao", "0")] // z for zh, as the south says it
    [InlineData("wangzhelongyao", "0")]
    [InlineData("genshen", "5")]
    [InlineData("cmcc-20", "")] // another number is another thing
    [InlineData("steem50", "1")] // the slip is in the letters
    [InlineData("steam30", "")] // a digit for a digit
    [InlineData("steam5o", "")] // a letter for a digit
    [InlineData("stea550", "")] // a digit for a letter
    [InlineData("steam0", "")] // a digit too few
    [InlineData("steam500", "")] // a digit too many
    [InlineData("steam150", "")]
    [InlineData("qqx30", "")] // digits do not make a word long enough for a mistake
    [InlineData("steaxy50", "")] // nor for a second one
    [InlineData("xyzzy", "")]
    public void A_mistake_is_forgiven_when_nothing_else_is_found(string query, string found) =>
        Find(query).ShouldBe((found, found.Length > 0));

    [Fact]
    public void The_better_it_fits_the_earlier_it_stands()
    {
        string[][] texts =
        [
            ["大米饭券", "Rice voucher", "x-steam"], // 5: in the SKU's code
            ["四天喵", "", "a"], // 3: s, t … by first letters
            ["Upsteam", "", "b"], // 2: inside a word
            ["国区 Steam", "", "c"], // 1: a word of the name
            ["Steam", "", "d"], // 0: the name begins so
            ["小思特", "", "e"],
        ];
        SearchEntry[] entries = [.. texts.Select((t, i) => new SearchEntry(new ProductId(i), 1, SearchText.Of(t[..2]), SearchText.Of(t[2..])))];
        SearchRank.Find(SearchText.Words("steam"), entries).Products.Select(p => p.Value).ShouldBe([4, 3, 2, 0]);
        SearchRank.Find(SearchText.Words("st"), entries).Products.Select(p => p.Value).ShouldBe([4, 3, 2, 1, 5, 0]);
    }

    /// <summary>Goal: what is forgiven is what one slip of a finger makes. Method: every slip in every place of two words, from a seed.</summary>
    [Fact]
    public void Any_one_slip_after_the_first_letter_is_forgiven_and_three_are_not()
    {
        var random = new Random(7);
        foreach (var (word, id) in new[] { ("genshin", 5), ("wangzherongyao", 0), ("diamond", 3) })
            for (var at = 1; at < word.Length; at++)
            {
                var other = (char)('a' + random.Next(26));
                foreach (var slip in new[] { word[..at] + other + word[(at + 1)..], word[..at] + word[(at + 1)..], word[..at] + other + word[at..] })
                    SearchRank.Find([slip], _entries).Products.ShouldContain(new ProductId(id), slip);
            }

        SearchRank.Find(["gxxxhin"], _entries).Products.ShouldBeEmpty();
    }

    /// <summary>
    /// Goal: nothing that fits is passed over because of its reach. Method: pieces of the shop's texts, of their sounds and first letters, put together and
    /// spoilt, from a seed.
    /// </summary>
    [Fact]
    public void What_the_reach_of_a_text_excludes_does_not_fit_it()
    {
        var random = new Random(11);
        string[] texts = [.. _entries.SelectMany(e => new[] { e.Names, e.Others })];
        var (met, excluded) = (0, 0);
        for (var i = 0; i < 40_000; i++)
        {
            var source = texts[random.Next(texts.Length)];
            var from = source.Replace('\n', ' ').Replace(" ", "");
            var at = random.Next(from.Length);
            var word = string.Concat(from.Skip(at).Take(1 + random.Next(6)).Select(c => random.Next(4) switch
            {
                0 when Pinyin.Of(c) is [.., var reading] => reading,
                1 when Pinyin.Of(c) is [var reading, ..] => reading[..1],
                2 when random.Next(3) == 0 => "行x7荣"[random.Next(4)].ToString(),
                3 when random.Next(4) == 0 => "",
                _ => c.ToString(),
            }));
            if (word.Length == 0) continue;
            var text = random.Next(2) == 0 ? source : texts[random.Next(texts.Length)];
            var (need, reach) = (Reach.Need.Of(word), Reach.Of(text));
            if (WordMatch.Level(word, text) is not null) need.MayBeMet(reach, 0).ShouldBeTrue($"{word} in {text}");
            if (WordMatch.Mistakes(word, text) is { } mistakes)
            {
                need.MayBeMet(reach, mistakes).ShouldBeTrue($"{word} in {text}");
                met++;
            }

            if (!need.MayBeMet(reach, WordMatch.MistakesMax(word))) excluded++;
        }

        met.ShouldBeGreaterThan(300);
        excluded.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void Names_with_many_readings_take_no_longer()
    {
        // Without the set of places each character would double the ways; forty of them would never end.
        var name = string.Concat(Enumerable.Repeat("乐行", 60));
        WordMatch.Level(string.Concat(Enumerable.Repeat("lx", 30)), name).ShouldBe(3);
        WordMatch.Level(string.Concat(Enumerable.Repeat("lx", 29)) + "zz", name).ShouldBeNull();
    }

    [Theory]
    [InlineData("  Ｓteam　50 ", "steam 50")]
    [InlineData("a\u200bb--c", "ab c")]
    [InlineData("!!!", "")]
    [InlineData("1 2 3 4 5 6 7 8", "1 2 3 4 5 6")]
    public void A_query_has_so_many_words(string query, string words) => string.Join(' ', SearchText.Words(query)).ShouldBe(words);

    private static (string, bool) Find(string query)
    {
        var (products, isNear) = SearchRank.Find(SearchText.Words(query), _entries);
        return (string.Join(' ', products.Select(p => p.Value)), isNear);
    }
}
