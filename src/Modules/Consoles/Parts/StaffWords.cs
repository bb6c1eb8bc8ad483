using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

internal static class StaffWords
{
    public static string Role(StaffPerson person, Language language) =>
        person.PersonRoleId is null ? Everything(language) : language.PickOr(person.RoleNameZh ?? "", person.RoleNameEn ?? "");

    public static string Everything(Language language) => language.Pick("全部权限", "Everything");

    public static (string Zh, string En) Problem(StaffDecision decision) => decision switch
    {
        StaffDecision.Taken => ("这个账号已经有人用了", "This login is taken"),
        StaffDecision.Refused { Why: StaffRefusal.NotPermitted } => ("你已经没有管理员工的权限", "You may no longer manage staff"),
        StaffDecision.Refused { Why: StaffRefusal.AboveYou } => ("这超出你自己的权限：不能给出、也不能改动你没有的权限", "This is above your own permissions: you can neither give nor change what you lack"),
        StaffDecision.Refused { Why: StaffRefusal.NobodyLeft } => ("至少要留一个能登录、能管理员工的人", "Somebody who manages staff and may log in must remain"),
        StaffDecision.Refused { Why: StaffRefusal.TooMany } =>
            ($"最多 {Staff.PeopleMax} 个人、{Staff.RolesMax} 个角色", $"At most {Staff.PeopleMax} people and {Staff.RolesMax} roles"),
        _ => ("它已经不在了", "It is not there any more"),
    };
}
