namespace Lianka.Modules.Consoles.Core;

/// <summary>Why a change among the staff is refused, in the order in which it is checked.</summary>
public enum StaffRefusal
{
    /// <summary>Whoever wants it may not manage staff, or not any more.</summary>
    NotPermitted,

    /// <summary>The person or role is not there.</summary>
    Missing,

    /// <summary>It is, or would be, above the permissions of who wants it.</summary>
    AboveYou,

    /// <summary>Nobody would be left who manages staff.</summary>
    NobodyLeft,
}

/// <summary>A person of the staff as the rules see them.</summary>
public sealed record StaffMember(long Id, Rights Rights, bool IsActive);

/// <summary>Who may change what among the staff. Pure.</summary>
/// <remarks>Held by: tests/Unit/Consoles/StaffRulesExamples.cs.</remarks>
public static class StaffRules
{
    /// <param name="actor">Who wants it; null when they are not there.</param>
    /// <param name="touched">What is changed, as it is and as it would be: neither may be above the actor, because who sets the password of
    /// somebody stronger, or hands out what they lack, is stronger by it.</param>
    /// <param name="after">Everybody as they would be.</param>
    public static StaffRefusal? Decide(StaffMember? actor, IEnumerable<Rights> touched, IEnumerable<StaffMember> after)
    {
        if (actor is not { IsActive: true } || !actor.Rights.Has(Permissions.StaffManage)) return StaffRefusal.NotPermitted;
        if (!touched.All(actor.Rights.Covers)) return StaffRefusal.AboveYou;
        if (!after.Any(m => m.IsActive && m.Rights.Has(Permissions.StaffManage))) return StaffRefusal.NobodyLeft;
        return null;
    }
}
