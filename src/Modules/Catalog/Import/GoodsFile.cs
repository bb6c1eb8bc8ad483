using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Platform.Sheets;

namespace Lianka.Modules.Catalog.Import;

/// <summary>The lines of a sheet of goods, or why nothing of it can be read.</summary>
/// <param name="Ignored">Headers of columns that are not read.</param>
/// <param name="Problems">Of the field <c>file</c>.</param>
internal sealed record GoodsFile(List<GoodsLine> Lines, IReadOnlyList<string> Ignored, IReadOnlyList<FieldError> Problems)
{
    /// <summary>Characters that all cells together may have: they are in memory while the preview is thought out.</summary>
    private const int TextMax = 32 << 20;

    /// <param name="content">Can be gone back in.</param>
    public static GoodsFile Read(Stream content)
    {
        try
        {
            var lines = new List<GoodsLine>();
            GoodsHeader? header = null;
            var size = 0L;
            foreach (var row in Sheet.Read(content, SheetNumbers.Amounts, hasLines: true))
            {
                if (header is null)
                {
                    header = new GoodsHeader(row.Fields);
                    if (header.Problems.Count > 0) return new GoodsFile([], [], header.Problems);
                    continue;
                }

                if (header.Read(row.No, row.Fields, [.. row.Faults.Select(f => (f.Column, Error("", f.Fault)))]) is not { } line) continue;
                if (lines.Count == GoodsSheet.LinesMax) return Refused($"too_many_rows:{GoodsSheet.LinesMax}");
                if ((size += line.Given.Values.Sum(g => (long)g.Length)) > TextMax) return Refused($"too_large:{TextMax >> 20}");
                lines.Add(line);
            }

            return lines.Count > 0 ? new GoodsFile(lines, header!.Ignored, []) : new GoodsFile([], [], [new("file", "empty_file", "The file has no lines below its first row.", "文件里除了表头没有内容。")]);
        }
        catch (UnreadableSheetException unreadable)
        {
            return Refused(unreadable.Failure);
        }
    }

    private static GoodsFile Refused(string failure) => new([], [], [Error("file", failure)]);

    private static FieldError Error(string field, string failure) =>
        new(field, failure.Split(':')[0], SheetFailures.Text(failure, isChinese: false), SheetFailures.Text(failure, isChinese: true));
}
