namespace Lianka.Modules.Catalog.Core;

/// <summary>How a character is read, as people type it: small letters without tones.</summary>
internal static class Pinyin
{
    private const char First = '\u4E00', Last = '\u9FFF';

    private static readonly string[]?[] _readings = Read();

    /// <summary>At most a few, the usual one among them; none for what is no Chinese character.</summary>
    public static ReadOnlySpan<string> Of(char c) => c is >= First and <= Last ? _readings[c - First] : default;

    public static bool SoundAlike(char a, char b)
    {
        foreach (var one in Of(a))
            if (Of(b).Contains(one)) return true;
        return false;
    }

    private static string[]?[] Read()
    {
        var all = new string[]?[Last - First + 1];
        var parts = PinyinTable.Text.Split([' ', '\n']);
        for (var i = 0; i < parts.Length; i += 2)
        {
            // One array for all that are read so and no other way.
            string[] alone = [parts[i]];
            foreach (var c in parts[i + 1])
                if (c is >= First and <= Last) all[c - First] = all[c - First] is { } others ? [.. others, alone[0]] : alone;
        }

        return all;
    }
}
