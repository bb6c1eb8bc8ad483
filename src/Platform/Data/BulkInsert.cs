using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Lianka.Platform.Data;

/// <summary>Takes the values of one row, in the order of the columns.</summary>
public interface IRowWriter
{
    void Number(long? value);
    void Small(short value);
    void Text(string? value);
    void Bytes(byte[]? value);

    /// <summary>A copy is taken: the memory may be used again at once.</summary>
    void Bytes(ReadOnlySpan<byte> value);
}

/// <summary>Many rows at once: binary COPY on PostgreSQL, one prepared statement on SQLite.</summary>
public static class BulkInsert
{
    /// <summary>Appends rows in their order; each is written out before the next is asked for.</summary>
    /// <param name="columns">Column names, separated by commas; constants of the program, never input.</param>
    /// <param name="write">Writes every column of one row.</param>
    public static async Task InsertAsync<T>(
        this Session session, string table, string columns, IEnumerable<T> rows, Action<T, IRowWriter> write)
    {
        if (rows is IReadOnlyCollection<T> { Count: 0 }) return;
        if (session.Connection is NpgsqlConnection postgres)
        {
            var sql = $"copy {table} ({columns}) from stdin (format binary)";
            if (session.IsBlocking)
            {
                using var copy = postgres.BeginRawBinaryCopy(sql);
                foreach (var part in Parts(columns, rows, write)) copy.Write(part.Span);
            }
            else
            {
                await using var copy = await postgres.BeginRawBinaryCopyAsync(sql);
                foreach (var part in Parts(columns, rows, write)) await copy.WriteAsync(part);
            }

            return;
        }

        var places = string.Join(", ", Enumerable.Range(1, columns.Count(c => c == ',') + 1).Select(i => $"?{i}"));
        session.ForEach($"insert into {table} ({columns}) values ({places})", rows, write);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Parts<T>(string columns, IEnumerable<T> rows, Action<T, IRowWriter> write)
    {
        var writer = new CopyWriter((short)(columns.Count(c => c == ',') + 1));
        foreach (var row in rows)
        {
            writer.StartRow();
            write(row, writer);
            if (!writer.IsFull) continue;
            yield return writer.Written;
            writer.Reset();
        }

        writer.End();
        yield return writer.Written;
    }

    /// <summary>PostgreSQL's binary COPY format, written straight into a buffer.</summary>
    /// <remarks>Source: postgresql.org/docs/current/sql-copy.html, "Binary Format". All numbers are big-endian.</remarks>
    private sealed class CopyWriter : IRowWriter
    {
        private const int FullAt = 64 * 1024;
        private readonly ArrayBufferWriter<byte> _buffer = new(FullAt + (8 * 1024));
        private readonly short _columns;

        public CopyWriter(short columns)
        {
            _columns = columns;
            _buffer.Write((ReadOnlySpan<byte>)[(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0]);
            Int32(0); // Flags: none.
            Int32(0); // No header extension.
        }

        public bool IsFull => _buffer.WrittenCount >= FullAt;

        public void StartRow() => Int16(_columns);

        public void End() => Int16(-1);

        public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

        public void Reset() => _buffer.ResetWrittenCount();

        public void Number(long? value)
        {
            if (value is not { } number)
            {
                Int32(-1);
                return;
            }

            Int32(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), number);
            _buffer.Advance(sizeof(long));
        }

        public void Small(short value)
        {
            Int32(sizeof(short));
            Int16(value);
        }

        public void Text(string? value)
        {
            if (value is null)
            {
                Int32(-1);
                return;
            }

            var length = Encoding.UTF8.GetByteCount(value);
            Int32(length);
            Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
            _buffer.Advance(length);
        }

        public void Bytes(byte[]? value)
        {
            Int32(value?.Length ?? -1);
            if (value is not null) _buffer.Write(value);
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            Int32(value.Length);
            _buffer.Write(value);
        }

        private void Int16(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(_buffer.GetSpan(sizeof(short)), value);
            _buffer.Advance(sizeof(short));
        }

        private void Int32(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(sizeof(int)), value);
            _buffer.Advance(sizeof(int));
        }
    }
}
