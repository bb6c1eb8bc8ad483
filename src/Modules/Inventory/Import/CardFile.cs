using System.Text;
using CsvHelper;
using Lianka.Modules.Inventory.Core;

namespace Lianka.Modules.Inventory.Import;

/// <summary>The whole import cannot be done; nothing of it was. The code is one of <see cref="ImportFailures"/>.</summary>
internal sealed class ImportFailedException(string failure) : Exception(failure)
{
    public string Failure => Message;
}

/// <summary>Reads the cards of a file row by row, text strictly in the encoding that was named.</summary>
internal static class CardFile
{
    /// <summary>A longer line is not looked at further; far above what a card may have.</summary>
    private const int LineMax = 40_000;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="RowNo">The line of the file in which the row begins, from 1.</param>
    public readonly record struct Row(long RowNo, CardLine Card);

    /// <summary>The rows that hold something; empty lines and a CSV's header are passed over.</summary>
    /// <param name="content">Can be gone back in.</param>
    /// <exception cref="ImportFailedException">
    /// The bytes are not text of this encoding, a CSV row has no end, or a spreadsheet is not one or not to be read.
    /// </exception>
    public static IEnumerable<Row> Read(Stream content, ImportRequest request) => request.Format == CardFormat.Xlsx
        ? XlsxFile.Read(content, request.Kind)
        : ReadText(content, request.Format, request.Encoding, request.Kind);

    private static IEnumerable<Row> ReadText(Stream content, CardFormat format, CardEncoding encoding, CardKind kind)
    {
        using var reader = Open(content, encoding);
        var rows = format == CardFormat.Csv ? Csv(reader, kind) : Text(reader, kind);
        using var each = rows.GetEnumerator();
        for (long last = 0; ; last = each.Current.RowNo)
        {
            try
            {
                if (!each.MoveNext()) yield break;
            }
            catch (DecoderFallbackException)
            {
                throw new ImportFailedException($"{(encoding == CardEncoding.Utf8 ? "not_utf8" : "not_gb18030")}:{last}");
            }
            catch (CsvFormatException)
            {
                throw new ImportFailedException($"row_too_long:{last}");
            }

            yield return each.Current;
        }
    }

    private static StreamReader Open(Stream content, CardEncoding encoding)
    {
        var head = new byte[1_024];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var start = head.AsSpan(0, length);
        // A mark decides only against the file: what people named is what is read.
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            throw new ImportFailedException("is_utf16");
        if (start.StartsWith("PK\u0003\u0004"u8)) throw new ImportFailedException("is_xlsx");
        if (start.Contains((byte)0)) throw new ImportFailedException("not_text");
        var skip = 0;
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            if (encoding != CardEncoding.Utf8) throw new ImportFailedException("is_utf8");
            skip = 3;
        }

        var whole = new HeadStream(head.AsMemory(skip, length - skip), content);
        return new StreamReader(whole, encoding == CardEncoding.Utf8 ? _utf8 : Gb18030(), detectEncodingFromByteOrderMarks: false, 65_536);
    }

    private static Encoding Gb18030()
    {
        var encoding = (Encoding)CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.Clone();
        encoding.DecoderFallback = DecoderFallback.ExceptionFallback;
        return encoding;
    }

    private static IEnumerable<Row> Text(StreamReader reader, CardKind kind)
    {
        var line = new StringBuilder();
        var buffer = new char[32_768];
        var number = 1L;
        var wasReturn = false;
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            var start = 0;
            for (var i = 0; i < read; i++)
            {
                var c = buffer[i];
                if (c is not ('\n' or '\r'))
                {
                    wasReturn = false;
                    continue;
                }

                // CR LF is one end of line, also when the two stand in different buffers.
                var isSecond = c == '\n' && wasReturn;
                wasReturn = c == '\r';
                if (!isSecond)
                {
                    Append(line, buffer, start, i);
                    if (Take(line, kind) is { } card) yield return new Row(number, card);
                    number++;
                }

                start = i + 1;
            }

            Append(line, buffer, start, read);
        }

        if (Take(line, kind) is { } last) yield return new Row(number, last);
    }

    private static void Append(StringBuilder line, char[] buffer, int start, int end) =>
        line.Append(buffer, start, Math.Max(0, Math.Min(end - start, LineMax - line.Length)));

    private static CardLine? Take(StringBuilder line, CardKind kind)
    {
        if (line.Length == 0) return null;
        var text = line.ToString();
        line.Clear();
        if (string.IsNullOrWhiteSpace(text)) return null;
        return text.Length >= LineMax ? CardLine.Bad("too_long") : CardLine.OfText(text, kind);
    }

    private static IEnumerable<Row> Csv(StreamReader reader, CardKind kind)
    {
        var broken = new Queue<long>();
        using var csv = CsvReader.Create(reader, new CsvReaderOptions
        {
            HasHeader = false,
            Separator = ',',
            // No card has two lines, so one forgotten quote must not swallow the rest of the file.
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record => broken.Enqueue(record.LineNumber),
            MaxRecordSize = 65_536,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
        }, leaveOpen: true);
        CsvColumns? columns = null;
        var isFirst = true;
        while (csv.Read())
        {
            while (broken.TryDequeue(out var line)) yield return new Row(line, CardLine.Bad("bad_quotes"));
            var fields = new string[csv.FieldCount];
            for (var i = 0; i < fields.Length; i++) fields[i] = csv.GetString(i);
            var wasFirst = isFirst;
            isFirst = false;
            if (wasFirst && (columns = CsvColumns.OfHeader(fields)) is not null) continue;
            if (fields.All(string.IsNullOrWhiteSpace)) continue;
            yield return new Row(csv.LineNumber, columns?.Read(fields, kind) ?? CsvColumns.ReadPlain(fields, kind));
        }

        while (broken.TryDequeue(out var line)) yield return new Row(line, CardLine.Bad("bad_quotes"));
    }

    /// <summary>Bytes already read, then the rest of the stream they came from.</summary>
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
