using System.Diagnostics;
using System.Text;
using Lianka.Platform;
using Npgsql;

namespace Lianka.Host.Commands;

/// <summary>PostgreSQL's own programs for dumps, run against the configured database.</summary>
/// <remarks>The password goes by environment, never on a command line that others on the machine can read.</remarks>
internal sealed class PostgresTools
{
    private const int ErrorTextMax = 4_000;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly string? _folder;

    /// <param name="serverMajor">The server's version: its own tools are preferred, since newer ones may write what it does not know.</param>
    public PostgresTools(Settings settings, int serverMajor)
    {
        _connection = new NpgsqlConnectionStringBuilder(settings.Database);
        const string root = "/usr/lib/postgresql";
        string[] folders =
        [
            $"{root}/{serverMajor}/bin",
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. Directory.Exists(root) ? Directory.GetDirectories(root).OrderDescending(StringComparer.Ordinal).Select(d => $"{d}/bin") : [],
        ];
        _folder = Array.Find(folders, f => File.Exists(Path.Combine(f, "pg_dump")) && File.Exists(Path.Combine(f, "psql")));
    }

    /// <exception cref="IOException">The program is missing or failed; the message carries its own words.</exception>
    public async Task RunAsync(string program, params string[] args)
    {
        using var process = Start(program, args, redirectInput: false, redirectOutput: false);
        await EndAsync(process, program, ReadErrorsAsync(process));
    }

    /// <summary>Runs a first text and then what one program writes through a second program.</summary>
    public async Task PipeAsync(string first, (string Program, string[] Args) from, (string Program, string[] Args) into)
    {
        using var reader = Start(into.Program, into.Args, redirectInput: true, redirectOutput: false);
        var readerErrors = ReadErrorsAsync(reader);
        using var writer = Start(from.Program, from.Args, redirectInput: false, redirectOutput: true);
        var writerErrors = ReadErrorsAsync(writer);
        try
        {
            await reader.StandardInput.WriteAsync(first);
            await reader.StandardInput.FlushAsync();
            await writer.StandardOutput.BaseStream.CopyToAsync(reader.StandardInput.BaseStream);
        }
        catch (IOException)
        {
            // The reader stopped early; its own words, below, say why.
            writer.Kill();
            await EndAsync(reader, into.Program, readerErrors);
        }

        // A broken archive must not end in a commit of its first half, so the reader is stopped before it sees the end.
        await writer.WaitForExitAsync();
        if (writer.ExitCode != 0)
        {
            reader.Kill();
            await reader.WaitForExitAsync();
        }

        await EndAsync(writer, from.Program, writerErrors);
        reader.StandardInput.Close();
        await EndAsync(reader, into.Program, readerErrors);
    }

    private Process Start(string program, string[] args, bool redirectInput, bool redirectOutput)
    {
        if (_folder is null)
            throw new IOException("pg_dump and psql were not found on PATH or in /usr/lib/postgresql: install PostgreSQL's client programs.");
        var start = new ProcessStartInfo(Path.Combine(_folder, program), args)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = redirectOutput,
        };
        Set("PGHOST", _connection.Host);
        Set("PGPORT", $"{_connection.Port}");
        Set("PGUSER", _connection.Username);
        Set("PGPASSWORD", _connection.Password);
        Set("PGDATABASE", _connection.Database ?? _connection.Username);
        Set("PGPASSFILE", _connection.Passfile);
        Set("PGSSLROOTCERT", _connection.RootCertificate);
        Set("PGSSLMODE", _connection.SslMode switch
        {
            SslMode.Disable => "disable",
            SslMode.Allow => "allow",
            SslMode.Require => "require",
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => "prefer",
        });
        return Process.Start(start)!;

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) start.Environment[name] = value;
        }
    }

    private static async Task<string> ReadErrorsAsync(Process process)
    {
        var text = new StringBuilder();
        while (await process.StandardError.ReadLineAsync() is { } line)
            if (text.Length < ErrorTextMax) text.AppendLine(line);
        return text.ToString().Trim();
    }

    private static async Task EndAsync(Process process, string program, Task<string> errors)
    {
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new IOException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
