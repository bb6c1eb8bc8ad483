using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Lianka.Platform.Data;

/// <summary>Takes the values of one row, in the order of the columns.</summary>
public interface IRowWriter
{
    void Number(long? value);
    void Small(short value);
    void Text(string? value);
    void Bytes(byte[]? value);
}

/// <summary>Many rows at once: binary COPY on PostgreSQL, one prepared statement on SQLite.</summary>
public static class BulkInsert
{
    /// <summary>Appends rows in the order of the list.</summary>
    /// <param name="columns">Column names, separated by commas; constants of the program, never input.</param>
    /// <param name="write">Writes every column of one row.</param>
    public static async Task InsertAsync<T>(
        this Session session, string table, string columns, IReadOnlyList<T> rows, Action<T, IRowWriter> write)
    {
        if (rows.Count == 0) return;
        if (session.Connection is NpgsqlConnection postgres)
        {
            await using var copy = await postgres.BeginBinaryImportAsync($"copy {table} ({columns}) from stdin (format binary)");
            var writer = new CopyWriter(copy);
            foreach (var row in rows)
            {
                // The importer writes into its buffer; it touches the network only when that is full.
                copy.StartRow();
                write(row, writer);
            }

            await copy.CompleteAsync();
            return;
        }

        var count = columns.Count(c => c == ',') + 1;
        await using var command = session.Command(
            $"insert into {table} ({columns}) values ({string.Join(", ", Enumerable.Range(0, count).Select(i => $"@p{i}"))})");
        var parameters = new ParameterWriter(command, count);
        foreach (var row in rows)
        {
            parameters.Restart();
            write(row, parameters);
            await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class CopyWriter(NpgsqlBinaryImporter copy) : IRowWriter
    {
        public void Number(long? value)
        {
            if (value is { } number) copy.Write(number, NpgsqlDbType.Bigint);
            else copy.WriteNull();
        }

        public void Small(short value) => copy.Write(value, NpgsqlDbType.Smallint);

        public void Text(string? value)
        {
            if (value is null) copy.WriteNull();
            else copy.Write(value, NpgsqlDbType.Text);
        }

        public void Bytes(byte[]? value)
        {
            if (value is null) copy.WriteNull();
            else copy.Write(value, NpgsqlDbType.Bytea);
        }
    }

    private sealed class ParameterWriter : IRowWriter
    {
        private readonly DbParameter[] _parameters;
        private int _next;

        public ParameterWriter(DbCommand command, int count)
        {
            _parameters = new DbParameter[count];
            for (var i = 0; i < count; i++)
            {
                _parameters[i] = command.CreateParameter();
                _parameters[i].ParameterName = $"@p{i}";
                command.Parameters.Add(_parameters[i]);
            }
        }

        public void Restart() => _next = 0;

        public void Number(long? value) => Set(DbType.Int64, value is { } number ? number : DBNull.Value);

        public void Small(short value) => Set(DbType.Int64, (long)value);

        public void Text(string? value) => Set(DbType.String, value is null ? DBNull.Value : value);

        public void Bytes(byte[]? value) => Set(DbType.Binary, value is null ? DBNull.Value : value);

        private void Set(DbType type, object value)
        {
            var parameter = _parameters[_next++];
            parameter.DbType = type;
            parameter.Value = value;
        }
    }
}
