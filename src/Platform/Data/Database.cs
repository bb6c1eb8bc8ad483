using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Lianka.Platform.Data;

public enum DatabaseKind { Sqlite, Postgres }

/// <summary>The connection was lost while the database committed: the transaction is done whole or not at all, and only a
/// look at the database, by the key of what was asked, can tell which.</summary>
public sealed class CommitUnknownException(Exception inner)
    : DbException("The connection was lost during the commit: whether it happened is not known.", inner)
{
    public override bool IsTransient => true;
}

/// <summary>One platform's database: where transactions begin, with one behaviour on SQLite and PostgreSQL.</summary>
/// <remarks>
/// Nothing here is static: one process may serve several platforms, each with its own database.
/// SQLite has one writer; writers of this process queue for it here, writers of other processes (the command line beside
/// a node) by SQLite's own busy wait.
/// </remarks>
public sealed class Database : IAsyncDisposable
{
    /// <summary>How often a transaction that met a passing fault is run again before the fault is reported.</summary>
    private const int RetriesMax = 3;

    private const int ConnectSeconds = 5;
    private const string IdleInTransaction = "15s";

    private readonly SemaphoreSlim _sqliteWriter = new(1, 1);
    private readonly NpgsqlDataSource? _postgres;

    /// <summary>
    /// Connections of their own for callers that block. Such a caller gets the same one again and again, so that the
    /// server's process behind it finds its plans and pages at hand; a shared pool goes round through all of them.
    /// </summary>
    private readonly NpgsqlDataSource? _blocking;
    private readonly string _sqlite;
    private SqliteWriter? _writer; // Only for who has passed _sqliteWriter.
    private bool _isDisposed;

    public DatabaseKind Kind { get; }

    /// <summary>The SQLite file; null on PostgreSQL.</summary>
    public string? SqliteFile { get; }

    private Database(DatabaseKind kind, string? sqliteFile, NpgsqlConnectionStringBuilder? postgres)
    {
        Kind = kind;
        SqliteFile = sqliteFile;
        if (postgres is not null)
        {
            _postgres = NpgsqlDataSource.Create(postgres);
            // One for the order engine, one for ids that are taken meanwhile.
            _blocking = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MinPoolSize = 0, MaxPoolSize = 2 });
        }

        _sqlite = sqliteFile is null ? "" : new SqliteConnectionStringBuilder
        {
            DataSource = sqliteFile,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();
        Mapping.Register();
    }

    public static Database OpenSqlite(string file) => new(DatabaseKind.Sqlite, file, null);

    public static Database OpenPostgres(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Seconds to wait for a connection: who cannot be served is to hear it soon.
            Timeout = new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Timeout") ? given.Timeout : ConnectSeconds,
            // A node that froze in a transaction holds locks that all others wait for: the server ends it. Compiling a plan costs more than any of ours
            // gains by it: a sum that takes 0.1 s takes 0.3 s with it. The last word is the operator's.
            Options = $"-c idle_in_transaction_session_timeout={IdleInTransaction} -c jit=off {given.Options}",
            // The same statements run again and again; a plan per connection pays from the second call on.
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            // No session is ever given settings, cursors or locks that outlive its use, so there is nothing to reset.
            NoResetOnClose = true,
            // A batch of orders goes out in a few pieces instead of dozens, each of which would wake the server.
            WriteBufferSize = 64 * 1024,
            IncludeErrorDetail = false,
        };
        return new(DatabaseKind.Postgres, null, settings);
    }

    /// <summary>Runs reads on one consistent snapshot. The delegate must not write.</summary>
    public Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel = default) =>
        RetryAsync(() => RunAsync(work, write: false, cancel), cancel);

    /// <summary>Runs reads and writes in one transaction, which is durable when this returns.</summary>
    /// <remarks>The delegate may be run again after a passing fault, so it keeps no state of a failed run.</remarks>
    public Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel = default) =>
        RetryAsync(() => RunAsync(work, write: true, cancel), cancel);

    /// <summary>As <see cref="WriteAsync{T}"/>, for a caller with a thread to itself: what the database is asked blocks it.</summary>
    /// <remarks>
    /// A task that waits for the database comes back when a thread of the pool is free. Under load that takes longer than
    /// the database does, and whoever does the work of all others must not queue behind them.
    /// </remarks>
    public Task<T> WriteBlockingAsync<T>(Func<Session, Task<T>> work) =>
        RetryAsync(() => RunAsync(work, write: true, CancellationToken.None, isBlocking: true), CancellationToken.None);

    public Task WriteAsync(Func<Session, Task> work, CancellationToken cancel = default) =>
        WriteAsync(async s => { await work(s); return 0; }, cancel);

    private async Task<T> RunAsync<T>(Func<Session, Task<T>> work, bool write, CancellationToken cancel, bool isBlocking = false)
    {
        if (write && Kind == DatabaseKind.Sqlite) return await WriteSqliteAsync(work, isBlocking, cancel);
        await using var connection = isBlocking && _blocking is not null ? _blocking.OpenConnection() : await OpenAsync(cancel);
        await using var transaction = connection switch
        {
            SqliteConnection lite => lite.BeginTransaction(deferred: true),
            _ when isBlocking => connection.BeginTransaction(IsolationLevel.ReadCommitted),
            _ => await connection.BeginTransactionAsync(
                write ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancel),
        };
        var result = await work(new Session(Kind, connection, transaction, isBlocking));
        if (write) await CommitAsync(transaction, isBlocking);
        else await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task<T> WriteSqliteAsync<T>(Func<Session, Task<T>> work, bool isBlocking, CancellationToken cancel)
    {
        // Whoever has a thread to itself keeps it: to go on, it needs none of a busy pool.
        if (isBlocking) _sqliteWriter.Wait(cancel);
        else await _sqliteWriter.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _writer ??= await OpenWriterAsync();
            await using var transaction = _writer.Connection.BeginTransaction(deferred: false);
            var result = await work(new Session(Kind, _writer.Connection, transaction, isBlocking) { Writer = _writer });
            await CommitAsync(transaction, isBlocking);
            return result;
        }
        catch (Exception fault)
        {
            // What a fault of the database has left behind in the connection, the next transaction does not meet. Who only
            // changed its mind, or met a number that is taken, leaves nothing behind: that transaction was rolled back.
            if (_writer is { } writer && !(writer.IsAtRest && (fault is not SqliteException || IsDuplicate(fault))))
            {
                _writer = null;
                writer.Dispose();
            }

            throw;
        }
        finally
        {
            _sqliteWriter.Release();
        }
    }

    private static async Task CommitAsync(DbTransaction transaction, bool isBlocking)
    {
        try
        {
            // Never cancelled: once the commit is on its way, giving up would leave the caller not knowing.
            if (isBlocking) transaction.Commit();
            else await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception fault) when (!IsCertainlyUndone(fault))
        {
            throw new CommitUnknownException(fault);
        }
    }

    /// <summary>True when the database itself said that it did not commit.</summary>
    private static bool IsCertainlyUndone(Exception fault) => fault switch
    {
        // FATAL and PANIC end the connection, which may happen between the commit and the word about it.
        PostgresException p => p.InvariantSeverity == "ERROR",
        SqliteException s => s.SqliteErrorCode is 5 or 6 or 13,
        _ => false,
    };

    /// <summary>A connection outside any transaction, for schema changes, backup and LISTEN.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancel = default) =>
        _postgres is not null ? await _postgres.OpenConnectionAsync(cancel) : await OpenSqliteAsync(_sqlite, "", cancel);

    /// <summary>Not from the pool: what it keeps is to stay with it.</summary>
    private async Task<SqliteWriter> OpenWriterAsync() => new(await OpenSqliteAsync(
        new SqliteConnectionStringBuilder(_sqlite) { Pooling = false }.ToString(), SqliteWriter.Pragmas, CancellationToken.None));

    private static async Task<SqliteConnection> OpenSqliteAsync(string settings, string pragmas, CancellationToken cancel)
    {
        var connection = new SqliteConnection(settings);
        try
        {
            await connection.OpenAsync(cancel);
            await using var pragma = connection.CreateCommand();
            // FULL: an acknowledged order survives a power cut. It costs nothing measurable once orders are batched.
            pragma.CommandText = $"pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=30000; {pragmas}";
            await pragma.ExecuteNonQueryAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> run, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await run();
            }
            catch (DbException fault) when (attempt < RetriesMax && IsPassing(fault))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), cancel);
            }
        }
    }

    /// <summary>True for faults after which the transaction left no trace and another try may succeed at once.</summary>
    /// <remarks>
    /// A connection that the server closed while it lay in the pool is among them. Waiting in vain for a connection is not:
    /// who waited for seconds is told so. Nor is a connection lost during COMMIT: then nobody knows, and only a key can tell.
    /// </remarks>
    private static bool IsPassing(DbException fault) => fault switch
    {
        CommitUnknownException => false,
        SqliteException s => s.SqliteErrorCode is 5 or 6,
        { InnerException: TimeoutException } => false,
        _ => fault.IsTransient,
    };

    /// <summary>True when a statement met a unique constraint, on either database.</summary>
    public static bool IsDuplicate(Exception fault) => fault switch
    {
        PostgresException p => p.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException s => s.SqliteExtendedErrorCode is 2067 or 1555,
        _ => false,
    };

    /// <summary>True when PostgreSQL was given what is no text: NUL, or half a surrogate pair. SQLite takes both.</summary>
    public static bool IsNoText(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter };

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_postgres is not null) await _postgres.DisposeAsync();
        if (_blocking is not null) await _blocking.DisposeAsync();
        if (SqliteFile is not null)
        {
            await _sqliteWriter.WaitAsync(); // Who writes finishes first.
            _writer?.Dispose();
            _writer = null;
            SqliteConnection.ClearPool(new SqliteConnection(_sqlite));
            _sqliteWriter.Release(); // Who still waits hears that it is closed.
        }
    }
}
