using System.Text.RegularExpressions;

namespace Lianka.Tests.Unit.Rules;

/// <summary>Two databases, one behaviour: both schemas declare the same things.</summary>
public sealed partial class SchemaRules
{
    private const string Folder = "src/Modules/Schema";

    [Fact]
    public void Both_databases_have_the_same_schema_files() =>
        Names("sqlite").ShouldBe(Names("postgres"));

    [Fact]
    public void Both_databases_have_the_same_tables_and_columns()
    {
        var postgres = Columns("postgres");
        postgres.Count.ShouldBeGreaterThan(100);
        Columns("sqlite").Except(postgres).ShouldBeEmpty("only on SQLite");
        postgres.Except(Columns("sqlite")).ShouldBeEmpty("only on PostgreSQL");
    }

    [Fact]
    public void Both_databases_have_the_same_indexes_and_views() =>
        Declared("sqlite").ShouldBe(Declared("postgres"));

    /// <summary>In their order: a column that is added, a table that is renamed, an index that goes.</summary>
    [Fact]
    public void Both_databases_change_what_is_there_in_the_same_way()
    {
        var postgres = Alterations("postgres");
        postgres.ShouldNotBeEmpty();
        Alterations("sqlite").ShouldBe(postgres);
    }

    private static List<string> Names(string database) =>
        [.. Repository.Files($"{Folder}/{database}", "*.sql").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static string Sql(string database) => Comment().Replace(
        string.Concat(Repository.Files($"{Folder}/{database}", "*.sql").Order(StringComparer.Ordinal).Select(Repository.Text)), "");

    /// <summary>table.column kind [not null], in the words both can be compared in.</summary>
    private static List<string> Columns(string database) =>
    [
        .. from Match table in Table().Matches(Sql(database))
           from part in TopLevel(table.Groups["body"].Value)
           let words = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
           where words.Length > 1 && words[0] is not ("primary" or "unique" or "check" or "foreign" or "constraint")
           let isRequired = part.Contains("not null", StringComparison.Ordinal) || part.Contains("primary key", StringComparison.Ordinal)
           select $"{table.Groups["name"].Value}.{words[0]} {KindOf(words[1])}{(isRequired ? " not null" : "")}",
    ];

    private static string KindOf(string type) => type switch
    {
        "bigint" or "smallint" or "integer" => "number",
        "bytea" or "blob" => "bytes",
        "text" => "text",
        _ => throw new InvalidOperationException($"'{type}' is not among the types that both databases share."),
    };

    private static IEnumerable<string> TopLevel(string body)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < body.Length; i++)
        {
            depth += body[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (body[i] != ',' || depth > 0) continue;
            yield return body[start..i].Trim();
            start = i + 1;
        }

        yield return body[start..].Trim();
    }

    private static List<string> Declared(string database) =>
        [.. Other().Matches(Sql(database)).Select(m => Plain(Carried().Replace(m.Value, ""))).Order(StringComparer.Ordinal)];

    private static List<string> Alterations(string database) =>
    [
        .. from Match change in Alteration().Matches(Sql(database))
           let added = change.Groups["column"]
           select added.Success
               ? Plain($"{change.Groups["table"].Value} add {added.Value} {KindOf(change.Groups["type"].Value)} {change.Groups["rest"].Value}")
               : Plain(change.Value),
    ];

    private static string Plain(string sql) => Space().Replace(sql, " ").Trim().ToLowerInvariant();

    [GeneratedRegex("--[^\n]*", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"create table (?<name>\w+) \((?<body>.*?)\n\)", RegexOptions.Singleline, 1_000)]
    private static partial Regex Table();

    [GeneratedRegex("create (unique index|index|view) [^;]*;", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Other();

    // What an index of PostgreSQL carries along beside its keys; SQLite looks into the row.
    [GeneratedRegex(@" include \([^)]*\)", RegexOptions.None, 1_000)]
    private static partial Regex Carried();

    // How PostgreSQL lays out its pages is its own business: alter table … set (…). So is to compare text by its bytes, as SQLite does,
    // and where numbers come from.
    [GeneratedRegex(@"alter table (?<table>\w+) (add column (?<column>\w+) (?<type>\w+)(?<rest>[^;]*)|(?!set \(|alter column \w+ (type text collate ""C""|drop identity))[^;]*);|drop (table|index|view) [^;]*;", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Alteration();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Space();
}
