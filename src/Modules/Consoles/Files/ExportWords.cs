using System.Globalization;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Lianka.Modules.Consoles.Files;

/// <summary>What is said of files.</summary>
public static class ExportWords
{
    /// <summary>Before the code of a permission that was missing.</summary>
    public const string Permission = "permission:";

    // A place in a list is no part of what was asked for.
    private static readonly HashSet<string> _places = ["before", "after", "cursor", "page"];

    public static (string Text, string Tone) State(ExportFile file, Language language) => file.State switch
    {
        ExportFile.Running => (language.Pick("生成中", "In the making"), "waiting"),
        ExportFile.Done => (language.Pick("可以下载", "Ready"), "ok"),
        _ => (language.Pick("没有成功", "Failed"), "error"),
    };

    /// <summary>Why it failed and what to do; empty when it did not.</summary>
    public static string Failure(ExportFile file, Language language)
    {
        if (file.Failure.StartsWith(Permission, StringComparison.Ordinal) && file.Failure[Permission.Length..] is var code && Permissions.IsKnown(code))
        {
            var missing = new MissingPermission(Permissions.Of(code));
            return language.Pick(missing.Zh, missing.En);
        }

        return file.Failure switch
        {
            "" => "",
            "too_many_rows" => language.Pick($"超过 {Show.Number(Exports.RowsMax)} 行，请缩小范围分几次导出（比如按天）。", $"More than {Show.Number(Exports.RowsMax)} rows: narrow the list, by day for example, and export in parts."),
            "too_large" => language.Pick($"超过 {Size(Exports.BytesMax)}，请少选几列，或分几次导出。", $"More than {Size(Exports.BytesMax)}: choose fewer columns, or export in parts."),
            "no_page" => language.Pick("这个列表打不开了：内容已经不在，或者不再给你看。", "The list does not open any more: it is gone, or not for you any longer."),
            "other_columns" => language.Pick("生成期间，这个列表的列变了，请再导出一次。", "The columns of the list changed while the file was made: export it again."),
            "no_person" => language.Pick("这个账号已停用。", "This log-in is blocked."),
            _ => language.Pick($"出错了，请再导出一次；还不行就把编号告诉我们：{file.RequestId}", $"Something went wrong. Export it again; if it stays, tell us the number: {file.RequestId}"),
        };
    }

    /// <summary>The conditions that the list had.</summary>
    public static string Filter(ExportFile file) => string.Join(" · ", QueryHelpers.ParseQuery(file.Query)
        .Where(p => !_places.Contains(p.Key) && p.Value.ToString().Length > 0).Select(p => $"{p.Key}={p.Value}"));

    public static string Size(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0m:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_048_576.0m:0.#} MiB"),
    };

    public static string FileName(ExportFile file) => $"{file.Name}-{Show.Day(file.CreatedAt)}.{file.Format}";
}
