using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>All forbidden words at one moment, to be held against many texts: a word is tried only where its first two characters stand.</summary>
/// <remarks>Held by: tests/Unit/Catalog/FoldedTextExamples.cs.</remarks>
internal sealed class WordList
{
    private readonly IReadOnlyList<(string Word, string Folded)> _words;
    private readonly Dictionary<(char, char), List<int>> _byBegin = [];

    /// <param name="words">As people wrote them, and folded: at least two characters.</param>
    public WordList(IReadOnlyList<(string Word, string Folded)> words)
    {
        _words = words;
        for (var i = 0; i < words.Count; i++)
        {
            var begin = (words[i].Folded[0], words[i].Folded[1]);
            if (!_byBegin.TryGetValue(begin, out var there)) _byBegin[begin] = there = [];
            there.Add(i);
        }
    }

    /// <summary>Each field that holds a forbidden word, with the first such word.</summary>
    public List<FieldError> Find(IReadOnlyList<(string Field, string Text)> texts)
    {
        var errors = new List<FieldError>();
        if (_words.Count == 0) return errors;
        foreach (var (field, text) in texts)
            if (FirstIn(new FoldedText(text)) is { } word)
                errors.Add(new FieldError(field, "forbidden_word", $"Contains the forbidden word “{word}”.", $"含有违禁词「{word}」。"));

        return errors;
    }

    private string? FirstIn(FoldedText folded)
    {
        var text = folded.ToString();
        var first = _words.Count;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (!_byBegin.TryGetValue((text[i], text[i + 1]), out var words)) continue;
            foreach (var at in words)
                if (at < first && folded.Contains(_words[at].Folded)) first = at;
        }

        return first < _words.Count ? _words[first].Word : null;
    }
}
