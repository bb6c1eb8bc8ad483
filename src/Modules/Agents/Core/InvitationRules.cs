using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>What an invitation may promise, and what a newcomer is called in addresses.</summary>
/// <remarks>Held by: tests/Unit/Agents/InvitationExamples.cs.</remarks>
internal static class InvitationRules
{
    public const int UsesMax = 1_000, DaysMax = 90;

    /// <summary>A newcomer stands below who invites it in the tree, and so in the price list.</summary>
    public static FieldError? Level(int own, int offered) => offered > own ? null
        : new("level", "not_below", "The level must be below your own.", "等级必须低于您自己的等级。");

    /// <summary>From what was chosen as a log-in, made unique by the newcomer's number.</summary>
    public static string Slug(string login, MerchantId id)
    {
        var plain = string.Concat(login.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return $"{plain[..Math.Min(plain.Length, 40)].TrimEnd('-')}-{PublicId.Encode(id.Value)[..6]}".TrimStart('-');
    }
}
