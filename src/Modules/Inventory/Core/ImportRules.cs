using Lianka.Kernel;
using Lianka.Modules.Catalog;

namespace Lianka.Modules.Inventory.Core;

internal static class ImportRules
{
    /// <summary>Larger deliveries come in several files: one import is one transaction.</summary>
    public const long RowsMax = 1_000_000;

    public static IReadOnlyList<FieldError> Check(ImportRequest request, Supply? supply, Sku? sku, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        if (supply is null || sku is null || (request.Supplier is { } tenant && supply.SupplierId != tenant))
            errors.Add(new("supply", "not_found", "There is no such supply.", "没有这个货源。"));
        else if (sku.Kind != SkuKind.Card)
            errors.Add(new("supply", "not_cards", "This SKU is delivered directly, not from cards.", "该规格为直充，不从卡密发货。"));
        if (request.ExpiresAt <= now)
            errors.Add(new("expires_at", "in_the_past", "The cards would have expired already.", "有效期已过。"));
        if (!Enum.IsDefined(request.Format))
            errors.Add(new("format", "unknown_value", "Choose text, CSV or XLSX.", "请选择文本、CSV 或 XLSX。"));
        if (!Enum.IsDefined(request.Kind))
            errors.Add(new("kind", "unknown_value", "Choose what the secrets are.", "请选择卡密的种类。"));
        if (!Enum.IsDefined(request.Encoding))
            errors.Add(new("encoding", "unknown_value", "Choose UTF-8 or GB18030.", "请选择 UTF-8 或 GB18030。"));
        if (request.Note.Length > 200 || request.Note.Any(char.IsControl))
            errors.Add(new("note", "too_long", "One line of at most 200 characters.", "备注限一行，最多 200 个字符。"));
        return errors;
    }
}
