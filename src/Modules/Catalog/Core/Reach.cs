using System.Numerics;

namespace Lianka.Modules.Catalog.Core;

/// <summary>By which letters and sounds a text can be met at all, as bits: a word that needs others is not looked for in it.</summary>
/// <remarks>
/// It errs to one side only: a word whose letters stand in other places, or whose sounds share a bit with others, is looked for in vain.
/// Held by: tests/Unit/Catalog/SearchExamples.cs.
/// </remarks>
/// <param name="Letters">Those of the text, and those of its characters' readings.</param>
/// <param name="Sounds">Its Chinese characters and their readings.</param>
internal readonly record struct Reach(ulong Letters, UInt128 Sounds)
{
    public static Reach Of(string text)
    {
        var letters = 0UL;
        var sounds = UInt128.Zero;
        foreach (var c in text)
        {
            if (SearchText.IsChinese(c)) sounds |= SoundsOf(c);
            else letters |= LetterOf(c);
            foreach (var reading in Pinyin.Of(c))
                foreach (var letter in reading) letters |= LetterOf(letter);
        }

        return new Reach(letters, sounds);
    }

    /// <summary>What a word needs of a text.</summary>
    /// <param name="Letters">All of these.</param>
    /// <param name="Characters">Of each of these at least one bit.</param>
    internal readonly record struct Need(ulong Letters, UInt128[] Characters)
    {
        public static Need Of(string word)
        {
            var letters = 0UL;
            foreach (var c in word)
                if (!SearchText.IsChinese(c)) letters |= LetterOf(c);
            return new Need(letters, [.. word.Where(SearchText.IsChinese).Select(SoundsOf)]);
        }

        /// <summary>False: each way to meet the word in the text makes more mistakes than these.</summary>
        public bool MayBeMet(Reach text, int mistakes)
        {
            // A mistake makes up for one letter or character that the text does not have.
            var missing = BitOperations.PopCount(Letters & ~text.Letters);
            foreach (var character in Characters)
                if ((character & text.Sounds) == 0) missing++;
            return missing <= mistakes;
        }
    }

    private static ulong LetterOf(char c) => 1UL << (c is >= 'a' and <= 'z' ? c - 'a' : c is >= '0' and <= '9' ? 26 + c - '0' : 36 + (c % 28));

    private static UInt128 SoundsOf(char c)
    {
        var sounds = BitOf(c);
        foreach (var reading in Pinyin.Of(c))
        {
            var number = 0U;
            foreach (var letter in reading) number = (number * 31) + letter;
            sounds |= BitOf(number);
        }

        return sounds;
    }

    private static UInt128 BitOf(uint number) => UInt128.One << (int)((number * 2_654_435_769U) >> 25);
}
