using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;

namespace Lianka.Platform.Data;

/// <summary>One open transaction, and the few ways to speak SQL in it.</summary>
/// <remarks>
/// Statements use <c>@name</c> parameters and only what both databases understand; where they differ, the constants here
/// carry the difference. Row records are read by column name (snake_case matches PascalCase). Lists are written
/// <c>in @Ids</c> or <c>not in @Ids</c>, with an array or a List of numbers or texts.
/// </remarks>
public sealed partial class Session(DatabaseKind kind, DbConnection connection, DbTransaction transaction, bool isBlocking = false)
{
    /// <summary>The caller has a thread to itself: calls block it, instead of coming back on a thread of the pool when one is free.</summary>
    public bool IsBlocking => isBlocking;

    public DatabaseKind Kind => kind;
    public DbConnection Connection => connection;
    public DbTransaction Transaction => transaction;

    /// <summary>On SQLite, in a transaction that writes.</summary>
    internal SqliteWriter? Writer { get; init; }

    /// <summary>Appended to a select that locks the rows it reads. SQLite needs none: its writer is alone.</summary>
    public string ForUpdate => kind == DatabaseKind.Postgres ? " for update" : "";

    /// <summary>As <see cref="ForUpdate"/>, passing over rows that another node works on.</summary>
    public string ForUpdateSkipLocked => kind == DatabaseKind.Postgres ? " for update skip locked" : "";

    public async Task<List<T>> QueryAsync<T>(string sql, object? args = null) =>
        (isBlocking ? connection.Query<T>(Lists(sql), args, transaction) : await connection.QueryAsync<T>(Lists(sql), args, transaction)).AsList();

    public Task<T?> FirstAsync<T>(string sql, object? args = null) => isBlocking
        ? Task.FromResult(connection.QueryFirstOrDefault<T?>(Lists(sql), args, transaction))
        : connection.QueryFirstOrDefaultAsync<T?>(Lists(sql), args, transaction);

    /// <summary>The single value of the single row; the default when there is none or it is null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, object? args = null) =>
        isBlocking ? connection.ExecuteScalar<T?>(Lists(sql), args, transaction) : await connection.ExecuteScalarAsync<T?>(Lists(sql), args, transaction);

    /// <returns>How many rows were changed.</returns>
    public Task<int> ExecuteAsync(string sql, object? args = null) => isBlocking
        ? Task.FromResult(connection.Execute(Lists(sql), args, transaction))
        : connection.ExecuteAsync(Lists(sql), args, transaction);

    /// <summary>SQLite only: runs a statement for each row, its parameters (<c>?1</c>, <c>?2</c> …) in the order in which they are written.</summary>
    /// <param name="sql">A constant of the program, never input: what is prepared is kept.</param>
    /// <returns>How many rows were changed.</returns>
    public int ForEach<T>(string sql, IEnumerable<T> rows, Action<T, IRowWriter> write) =>
        (Writer ?? throw new InvalidOperationException("Not a transaction that writes to SQLite.")).Statement(sql).Run(rows, write);

    /// <summary>A condition on a list of numbers as one parameter, so that the statement text, and its plan, stay the same.</summary>
    public string AnyOf(string column, string parameter) => kind == DatabaseKind.Postgres
        ? $"{column} = any({parameter})"
        : $"{column} in (select value from json_each({parameter}))";

    /// <summary>The value of the parameter of <see cref="AnyOf"/>.</summary>
    public object List(IEnumerable<long> numbers) => kind == DatabaseKind.Postgres
        ? numbers as long[] ?? [.. numbers]
        : $"[{string.Join(',', numbers)}]";

    /// <summary>A bare command of this transaction, for the engine's bulk statements.</summary>
    public DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    // Dapper writes a list out as one parameter an element, but hands PostgreSQL an array, which "in" does not take.
    private string Lists(string sql) => kind == DatabaseKind.Postgres && sql.Contains(" in @", StringComparison.Ordinal)
        ? InList().Replace(sql, m => m.Groups["not"].Success ? $" <> all(@{m.Groups["name"]})" : $" = any(@{m.Groups["name"]})")
        : sql;

    [GeneratedRegex(@"(?<not> not)? in @(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InList();
}
