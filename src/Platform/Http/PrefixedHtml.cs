using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Lianka.Platform.Http;

/// <summary>Puts a prefix before each address of this site in HTML that comes in pieces: links, sources, targets of forms, and the addresses that our scripts are told.</summary>
/// <remarks>
/// An address of this site begins with one slash; two begin another host's. Reads no more of HTML than tags, attributes and their values: everything
/// that we write into a text or a script element is escaped, so no tag begins there. Held by: tests/Unit/Platform/PrefixedHtmlExamples.cs.
/// </remarks>
public sealed class PrefixedHtml(string prefix)
{
    private enum Place { Text, Less, Tag, Name, Equals, Start, Slash, Value }

    private readonly byte[] _prefix = System.Text.Encoding.ASCII.GetBytes(prefix);

    // Longer than any name that counts.
    private readonly byte[] _name = new byte[16];
    private int _length;
    private Place _place;

    // What ends the value; 0: it stands without quotation marks.
    private byte _quote;

    private bool IsAddress => _length < _name.Length && _name.AsSpan(0, _length) switch
    {
        var name when name.SequenceEqual("href"u8) || name.SequenceEqual("src"u8) || name.SequenceEqual("action"u8) || name.SequenceEqual("formaction"u8) => true,
        var name => name.SequenceEqual("data-live"u8) || name.SequenceEqual("data-check"u8) || name.SequenceEqual("data-progress"u8),
    };

    /// <summary>Writes the next piece as it goes out; all of it, but for a slash at its end that the next piece decides on.</summary>
    public void Write(ReadOnlySpan<byte> html, IBufferWriter<byte> to)
    {
        var from = 0;
        for (var at = 0; at < html.Length; at++)
        {
            var letter = html[at];
            switch (_place)
            {
                case Place.Text:
                    var tag = html[at..].IndexOf((byte)'<');
                    if (tag < 0) at = html.Length;
                    else (at, _place) = (at + tag, Place.Less);
                    break;
                case Place.Less:
                    _place = char.IsAsciiLetter((char)letter) ? Place.Tag : letter == '<' ? Place.Less : Place.Text;
                    break;
                case Place.Tag:
                    if (letter == '>') _place = Place.Text;
                    else if (letter != '/' && !IsSpace(letter)) (_name[0], _length, _place) = ((byte)(letter | 0x20), 1, Place.Name);
                    break;
                case Place.Name:
                    if (letter == '=') _place = Place.Equals;
                    else if (letter == '>') _place = Place.Text;
                    else if (IsSpace(letter)) _place = Place.Tag;
                    else if (_length < _name.Length) _name[_length++] = (byte)(letter | 0x20);
                    break;
                case Place.Equals:
                    if (IsSpace(letter)) break;
                    _quote = letter is (byte)'"' or (byte)'\'' ? letter : (byte)0;
                    _place = IsAddress ? Place.Start : Place.Value;
                    if (_quote == 0) at--;
                    break;
                case Place.Start:
                    if (letter == '/')
                    {
                        to.Write(html[from..at]);
                        (from, _place) = (at + 1, Place.Slash);
                    }
                    else
                    {
                        _place = Place.Value;
                        at--;
                    }

                    break;
                case Place.Slash:
                    if (letter != '/') to.Write(_prefix);
                    to.Write("/"u8);
                    _place = Place.Value;
                    at--;
                    break;
                case Place.Value:
                    if (_quote != 0)
                    {
                        var end = html[at..].IndexOf(_quote);
                        if (end < 0) at = html.Length;
                        else (at, _place) = (at + end, Place.Tag);
                    }
                    else if (letter == '>') _place = Place.Text;
                    else if (IsSpace(letter)) _place = Place.Tag;
                    break;
            }
        }

        if (from < html.Length) to.Write(html[from..]);
    }

    private static bool IsSpace(byte letter) => letter is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
}

/// <summary>The body of an answer: of pages with the prefix, of all else as it is.</summary>
internal sealed class PrefixedBody(HttpResponse response, Stream to, string prefix) : Stream
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private PrefixedHtml? _html;
    private bool _isOther;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // What it is, its headers say once it is being written.
        if (!_isOther && _html is null)
        {
            if (PathPrefix.IsPage(response)) _html = new PrefixedHtml(prefix);
            else _isOther = true;
        }

        if (_html is null)
        {
            await to.WriteAsync(buffer, cancellationToken);
            return;
        }

        _written.ResetWrittenCount();
        _html.Write(buffer.Span, _written);
        if (_written.WrittenCount > 0) await to.WriteAsync(_written.WrittenMemory, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Answers are written without waiting.");
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written without waiting.");
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
