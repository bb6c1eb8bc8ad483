using Lianka.Modules.Catalog.Core;

namespace Lianka.Tests.Unit.Catalog;

public sealed class FoldedTextExamples
{
    [Theory]
    [InlineData("赌博", "正规平台，绝不赌博", true)]
    [InlineData("赌博", "赌 博", true)]
    [InlineData("赌博", "赌\u200b\u200d博", true)]
    [InlineData("赌博", "赌\u3000博", true)]
    [InlineData("赌博", "赌\n博", true)]
    [InlineData("赌博", "赌场博彩", false)]
    [InlineData("加QQ", "请加ＱＱ聊", true)]
    [InlineData("加QQ", "请加q\u200bq群", true)]
    [InlineData("Casino", "our CASINO card", true)]
    [InlineData("casino", "ｃａｓｉｎｏ", true)]
    [InlineData("casino", "c a s i n o", true)]
    [InlineData("casino", "c\u200ba\u200bs\u200bi\u200bn\u200bo", true)]
    [InlineData("casino", "c\u0336a\u0336s\u0336i\u0336n\u0336o\u0336!", true)]
    [InlineData("casino", "玩casino吧", true)]
    [InlineData("casino", "casinos", false)]
    [InlineData("sex", "Essex gift card", false)]
    [InlineData("sex", "is exact", false)]
    [InlineData("sex", "a s e x b", true)]
    [InlineData("sex", "essex sex", true)]
    [InlineData("100%", "返利100%", true)]
    [InlineData("казино", "лучшее КАЗИНО тут", true)]
    [InlineData("😀😀", "卡😀 😀", true)]
    [InlineData("赌博", "", false)]
    public void A_word_is_found_however_it_is_written_and_not_inside_others(string word, string text, bool isFound)
    {
        var folded = new FoldedText(word).ToString();
        new FoldedText(text).Contains(folded).ShouldBe(isFound);
        new WordList([("zz", "zz"), (word, folded), (folded, folded)]).Find([("a", ""), ("b", text)]).Select(e => (e.Field, e.Code, e.En.Contains($"“{word}”", StringComparison.Ordinal)))
            .ShouldBe(isFound ? [("b", "forbidden_word", true)] : []);
    }

    [Fact]
    public void A_text_holds_itself_with_anything_unseen_between_its_letters()
    {
        var dice = new Random(7);
        string[] unseen = [" ", "\u3000", "\u200b", "\u200d", "\u2060", "\ufeff", "\n", "\u0301"];
        string[] letters = ["赌", "博", "q", "Ｑ", "7", "я", "卡"];
        for (var i = 0; i < 500; i++)
        {
            var word = string.Concat(Enumerable.Range(0, dice.Next(2, 6)).Select(_ => letters[dice.Next(letters.Length)]));
            var hidden = string.Concat(word.Select(c => c + string.Concat(Enumerable.Range(0, dice.Next(3)).Select(_ => unseen[dice.Next(unseen.Length)]))));
            new FoldedText($"甲 {hidden} 乙").Contains(new FoldedText(word).ToString()).ShouldBeTrue($"{i}: {word} in {hidden}");
        }
    }
}
