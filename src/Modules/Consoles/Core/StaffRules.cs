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

    /// <summary>There are as many people, or roles, as one employer may have.</summary>
    TooMany,
}

/// <summary>A person of the staff as the rules see them.</summary>
public sealed record StaffMember(long Id, Rights Rights, bool IsActive);

/// <summary>Who may change what among the staff. Pure.</summary>
/// <remarks>Held by: tests/Unit/Consoles/StaffRulesExamples.cs.</remarks>
public static class StaffRules
{
    /// <param name="manage">The permission that lets people of this kind of employer manage staff.</param>
    /// <param name="actor">Who wants it; null when they are not there.</param>
    /// <param name="touched">What is changed, as it is and as it would be: neither may be above the actor, because who sets the password of
    /// somebody stronger, or hands out what they lack, is stronger by it.</param>
    /// <param name="after">Everybody as they would be.</param>
    public static StaffRefusal? Decide(string manage, StaffMember? actor, IEnumerable<Rights> touched, IEnumerable<StaffMember> after)
    {
        if (actor is not { IsActive: true } || !actor.Rights.Has(manage)) return StaffRefusal.NotPermitted;
        if (!touched.All(actor.Rights.Covers)) return StaffRefusal.AboveYou;
        if (!after.Any(m => m.IsActive && m.Rights.Has(manage))) return StaffRefusal.NobodyLeft;
        return null;
    }
}
