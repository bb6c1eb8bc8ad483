using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lianka.Platform.Data;

/// <summary>The one connection over which a process writes to SQLite, kept with what it has prepared and read.</summary>
internal sealed class SqliteWriter(SqliteConnection connection) : IDisposable
{
    /// <summary>
    /// Pages in memory, in KiB. A batch of orders falls on many hundred pages all over the indexes; with SQLite's 2 MB they
    /// would go to the log in the middle of the transaction and be read back for the next row.
    /// </summary>
    private const int CacheKiB = 64 * 1024;

    /// <summary>
    /// Pages in the log before they are brought into the database, 64 MB: each batch dirties the same pages again, which then
    /// are written back once for dozens of batches. A commit is durable in the log, whatever its length.
    /// </summary>
    private const int CheckpointPages = 16 * 1024;

    /// <summary>A log that a long reader let grow is cut back to this, in bytes, once it has been brought in.</summary>
    private const int LogMax = CheckpointPages * 4096;

    public static readonly string Pragmas =
        $"pragma cache_size = -{CacheKiB}; pragma wal_autocheckpoint = {CheckpointPages}; pragma journal_size_limit = {LogMax};";

    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public SqliteConnection Connection => connection;

    /// <summary>No transaction is open.</summary>
    public bool IsAtRest => raw.sqlite3_get_autocommit(connection.Handle) != 0;

    /// <param name="sql">A constant of the program: what is prepared is kept.</param>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements[sql] = statement = new SqliteStatement(connection.Handle!, sql);
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        connection.Dispose();
    }
}

/// <summary>A prepared statement that is run once for each row, with its parameters bound by their place.</summary>
/// <remarks>Straight to SQLite: commands look up each parameter by its name in each run, which costs more than a small row.</remarks>
internal sealed class SqliteStatement : IRowWriter, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int _parameters;
    private int _next;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), database);
        _parameters = raw.sqlite3_bind_parameter_count(_statement);
    }

    /// <returns>How many rows of the database were changed.</returns>
    public int Run<T>(IEnumerable<T> rows, Action<T, IRowWriter> write)
    {
        var changed = 0;
        try
        {
            foreach (var row in rows)
            {
                _next = 0;
                write(row, this);
                if (_next != _parameters) throw new InvalidOperationException($"{_next} values were written for {_parameters} parameters.");
                var result = raw.sqlite3_step(_statement);
                if (result == raw.SQLITE_ROW) throw new InvalidOperationException("A statement that is run for its effect returned a row.");
                if (result != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(result, _database);
                changed += raw.sqlite3_changes(_database);
                _ = raw.sqlite3_reset(_statement);
            }
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
            _ = raw.sqlite3_clear_bindings(_statement);
        }

        return changed;
    }

    public void Number(long? value) => Check(value is { } number
        ? raw.sqlite3_bind_int64(_statement, ++_next, number)
        : raw.sqlite3_bind_null(_statement, ++_next));

    public void Small(short value) => Check(raw.sqlite3_bind_int(_statement, ++_next, value));

    public void Text(string? value) => Check(value is null
        ? raw.sqlite3_bind_null(_statement, ++_next)
        : raw.sqlite3_bind_text(_statement, ++_next, value));

    public void Bytes(byte[]? value) => Check(value is null
        ? raw.sqlite3_bind_null(_statement, ++_next)
        : value.Length == 0 ? raw.sqlite3_bind_zeroblob(_statement, ++_next, 0) : raw.sqlite3_bind_blob(_statement, ++_next, value));

    public void Bytes(ReadOnlySpan<byte> value) => Check(value.Length == 0
        ? raw.sqlite3_bind_zeroblob(_statement, ++_next, 0)
        : raw.sqlite3_bind_blob(_statement, ++_next, value));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _database);
    }

    public void Dispose() => _statement.Dispose();
}
