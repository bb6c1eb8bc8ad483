using Lianka.Modules.Storefronts.Core;

namespace Lianka.Tests.Unit.Storefronts;

public sealed class Code128Examples
{
    /// <summary>Worked by hand from the standard's tables.</summary>
    [Theory]
    [InlineData("PJJ123C", 104, 48, 42, 42, 17, 18, 19, 35, 55)]
    [InlineData("1234", 105, 12, 34, 82)]
    public void A_text_has_its_characters_and_their_check(string text, params int[] codes)
    {
        var (read, check) = Read(Code128.Widths(text));
        read.Append(check).ShouldBe(codes);
    }

    [Fact]
    public void Every_text_is_read_back_and_its_check_is_right()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var length = 1 + random.Next(48);
            // Many digits, so that both sets and all the ways between them come about.
            var text = string.Concat(Enumerable.Range(0, length).Select(_ =>
                random.Next(4) > 0 ? (char)('0' + random.Next(10)) : (char)(' ' + random.Next(95))));
            var (codes, check) = Read(Code128.Widths(text));
            (codes[0] + codes.Select((c, i) => c * i).Sum()).ShouldBe(check + (103 * ((codes[0] + codes.Select((c, i) => c * i).Sum()) / 103)), $"seed {seed}");
            Text(codes).ShouldBe(text, $"seed {seed}");
        }
    }

    /// <summary>A bar that is one module wider takes it from a space: every character is 11 modules, its bars even.</summary>
    [Fact]
    public void All_patterns_differ_and_have_the_standards_form()
    {
        var patterns = Enumerable.Range(0, 95).Select(i => Code128.Widths($"{(char)(' ' + i)}")[6..12]).ToList();
        patterns.Distinct().Count().ShouldBe(95);
        patterns.ShouldAllBe(p => p.Sum(c => c - '0') == 11 && (p[0] + p[2] + p[4] - (3 * '0')) % 2 == 0);
        Code128.Widths("12345678901234").Length.ShouldBe((9 * 6) + 7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("卡")]
    [InlineData("a\n")]
    public void What_has_no_bars_is_a_bug(string text) => Should.Throw<ArgumentOutOfRangeException>(() => Code128.Widths(text));

    private static (List<int> Codes, int Check) Read(string widths)
    {
        widths.ShouldEndWith("2331112");
        var codes = widths[..^7].Chunk(6).Select(c => CodeOf(new string(c))).ToList();
        return (codes[..^1], codes[^1]);
    }

    private static string Text(List<int> codes)
    {
        var text = "";
        var isC = codes[0] == 105;
        foreach (var code in codes.Skip(1))
        {
            if (isC && code == 100) isC = false;
            else if (!isC && code == 99) isC = true;
            else text += isC ? $"{code:D2}" : $"{(char)(' ' + code)}";
        }

        return text;
    }

    /// <summary>A second copy of the standard's table, by the modules that are black: 1 black, 0 white.</summary>
    private static int CodeOf(string widths)
    {
        var modules = string.Concat(widths.Select((w, i) => new string(i % 2 == 0 ? '1' : '0', w - '0')));
        var at = Array.IndexOf(_modules, modules);
        return at >= 0 ? at : throw new InvalidOperationException($"{widths} is no character.");
    }

    private static readonly string[] _modules = (
        "11011001100 11001101100 11001100110 10010011000 10010001100 10001001100 10011001000 10011000100 10001100100 11001001000 11001000100 "
        + "11000100100 10110011100 10011011100 10011001110 10111001100 10011101100 10011100110 11001110010 11001011100 11001001110 11011100100 "
        + "11001110100 11101101110 11101001100 11100101100 11100100110 11101100100 11100110100 11100110010 11011011000 11011000110 11000110110 "
        + "10100011000 10001011000 10001000110 10110001000 10001101000 10001100010 11010001000 11000101000 11000100010 10110111000 10110001110 "
        + "10001101110 10111011000 10111000110 10001110110 11101110110 11010001110 11000101110 11011101000 11011100010 11011101110 11101011000 "
        + "11101000110 11100010110 11101101000 11101100010 11100011010 11101111010 11001000010 11110001010 10100110000 10100001100 10010110000 "
        + "10010000110 10000101100 10000100110 10110010000 10110000100 10011010000 10011000010 10000110100 10000110010 11000010010 11001010000 "
        + "11110111010 11000010100 10001111010 10100111100 10010111100 10010011110 10111100100 10011110100 10011110010 11110100100 11110010100 "
        + "11110010010 11011011110 11011110110 11110110110 10101111000 10100011110 10001011110 10111101000 10111100010 11110101000 11110100010 "
        + "10111011110 10111101110 11101011110 11110101110 11010000100 11010010000 11010011100").Split(' ');
}
