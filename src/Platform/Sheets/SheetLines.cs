using System.Text;
using CsvHelper;

namespace Lianka.Platform.Sheets;

/// <summary>Text of files, strictly in one encoding, and the records of a CSV.</summary>
public static class SheetLines
{
    private const int HeadSize = 1_024;

    /// <summary>Characters of a record; a cell of a spreadsheet holds 32,767.</summary>
    private const int RecordMax = 65_536;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UnreadableSheetException">The first bytes say that it is something else.</exception>
    public static StreamReader Open(Stream content, SheetEncoding encoding)
    {
        var head = new byte[HeadSize];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var start = head.AsSpan(0, length);
        // A mark decides only against the file: what people named is what is read.
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            throw new UnreadableSheetException("is_utf16");
        if (start.StartsWith("PK\u0003\u0004"u8)) throw new UnreadableSheetException("is_xlsx");
        if (start.Contains((byte)0)) throw new UnreadableSheetException("not_text");
        var skip = 0;
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            if (encoding != SheetEncoding.Utf8) throw new UnreadableSheetException("is_utf8");
            skip = 3;
        }

        var whole = new HeadStream(head.AsMemory(skip, length - skip), content);
        return new StreamReader(whole, encoding == SheetEncoding.Utf8 ? _utf8 : Gb18030(), detectEncodingFromByteOrderMarks: false, 65_536);
    }

    /// <summary>Turns what the readers of text say while rows are read into what is told to people.</summary>
    /// <param name="noOf">The line of a row.</param>
    public static IEnumerable<T> Guarded<T>(IEnumerable<T> rows, SheetEncoding encoding, Func<T, long> noOf)
    {
        using var each = rows.GetEnumerator();
        for (long last = 0; ; last = noOf(each.Current))
        {
            try
            {
                if (!each.MoveNext()) yield break;
            }
            catch (DecoderFallbackException)
            {
                throw new UnreadableSheetException($"{(encoding == SheetEncoding.Utf8 ? "not_utf8" : "not_gb18030")}:{last}");
            }
            catch (CsvFormatException)
            {
                throw new UnreadableSheetException($"row_too_long:{last}");
            }

            yield return each.Current;
        }
    }

    internal static IEnumerable<SheetRow> ReadCsv(Stream content, SheetEncoding encoding, char separator, bool hasLines) =>
        Guarded(Records(content, encoding, separator, hasLines), encoding, row => row.No);

    /// <summary>UTF-8 where all of it is that; GB18030, as spreadsheets write it in China, is hardly ever valid UTF-8.</summary>
    internal static SheetEncoding Guess(Stream content)
    {
        var buffer = new char[32_768];
        try
        {
            using var reader = Open(content, SheetEncoding.Utf8);
            while (reader.Read(buffer, 0, buffer.Length) > 0)
            {
            }

            return SheetEncoding.Utf8;
        }
        catch (DecoderFallbackException)
        {
            return SheetEncoding.Gb18030;
        }
    }

    /// <summary>What stands most often in the first line, its quoted parts apart.</summary>
    internal static char SeparatorOf(Stream content, SheetEncoding encoding)
    {
        using var reader = Open(content, encoding);
        var counts = new int[3];
        var isQuoted = false;
        var hasText = false;
        var buffer = new char[RecordMax];
        int read;
        try
        {
            read = reader.ReadBlock(buffer, 0, buffer.Length);
        }
        catch (DecoderFallbackException)
        {
            // Said with its line when the rows are read.
            return ',';
        }

        foreach (var letter in buffer.AsSpan(0, read))
        {
            if (letter is '\n' or '\r' && hasText) break;
            hasText |= !char.IsWhiteSpace(letter);
            if (letter == '"') isQuoted = !isQuoted;
            if (!isQuoted && Separators.IndexOf(letter) is >= 0 and var at) counts[at]++;
        }

        return Separators[Array.IndexOf(counts, counts.Max())];
    }

    private const string Separators = ",;\t";

    private static IEnumerable<SheetRow> Records(Stream content, SheetEncoding encoding, char separator, bool hasLines)
    {
        using var reader = Open(content, encoding);
        var broken = new Queue<long>();
        using var csv = CsvReader.Create(reader, new CsvReaderOptions
        {
            HasHeader = false,
            Separator = separator,
            // Where no field has two, one forgotten quote must not swallow the rest of the file.
            AllowLineBreaksInQuotes = hasLines,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record => broken.Enqueue(record.LineNumber),
            MaxRecordSize = RecordMax,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
        }, leaveOpen: true);
        while (csv.Read())
        {
            while (broken.TryDequeue(out var line)) yield return Broken(line);
            var fields = new string[csv.FieldCount];
            for (var i = 0; i < fields.Length; i++) fields[i] = csv.GetString(i);
            if (!Array.TrueForAll(fields, string.IsNullOrWhiteSpace)) yield return new SheetRow(csv.LineNumber, fields, []);
        }

        while (broken.TryDequeue(out var line)) yield return Broken(line);
    }

    private static SheetRow Broken(long line) => new(line, [], [(SheetRow.Whole, "bad_quotes")]);

    private static Encoding Gb18030()
    {
        var encoding = (Encoding)CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.Clone();
        encoding.DecoderFallback = DecoderFallback.ExceptionFallback;
        return encoding;
    }

    /// <summary>Bytes already read, then the rest of the stream they came from, which stays open.</summary>
    private sealed class HeadStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override int Read(Span<byte> buffer)
        {
            if (_head.IsEmpty) return rest.Read(buffer);
            var count = Math.Min(buffer.Length, _head.Length);
            _head.Span[..count].CopyTo(buffer);
            _head = _head[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
