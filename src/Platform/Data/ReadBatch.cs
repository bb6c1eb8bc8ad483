using System.Data.Common;

namespace Lianka.Platform.Data;

/// <summary>Several selects of one transaction, sent together where the database can: PostgreSQL answers all in one round trip.</summary>
/// <remarks>They run in the order in which they were added; each sees what was committed when it began.</remarks>
public sealed class ReadBatch(Session session)
{
    private readonly List<(DbCommand? Single, Action<DbDataReader> Row)> _reads = [];
    private readonly DbBatch? _batch = session.Connection.CanCreateBatch ? session.Connection.CreateBatch() : null;

    /// <param name="row">Called for each row.</param>
    public void Add(string sql, Action<DbDataReader> row, params ReadOnlySpan<(string Name, object Value)> args)
    {
        if (_batch is not null)
        {
            var command = _batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var (name, value) in args)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            _batch.BatchCommands.Add(command);
            _reads.Add((null, row));
            return;
        }

        var single = session.Command(sql);
        foreach (var (name, value) in args)
        {
            var parameter = single.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            single.Parameters.Add(parameter);
        }

        _reads.Add((single, row));
    }

    public async Task RunAsync()
    {
        if (_reads.Count == 0) return;
        if (_batch is null)
        {
            foreach (var (single, row) in _reads)
            {
                await using (single)
                await using (var reader = await single!.ExecuteReaderAsync())
                    while (await reader.ReadAsync()) row(reader);
            }

            return;
        }

        _batch.Transaction = session.Transaction;
        if (session.IsBlocking)
        {
            using (_batch)
            using (var reader = _batch.ExecuteReader())
            {
                foreach (var (_, row) in _reads)
                {
                    while (reader.Read()) row(reader);
                    reader.NextResult();
                }
            }

            return;
        }

        await using (_batch)
        await using (var reader = await _batch.ExecuteReaderAsync())
        {
            foreach (var (_, row) in _reads)
            {
                while (await reader.ReadAsync()) row(reader);
                await reader.NextResultAsync();
            }
        }
    }
}
