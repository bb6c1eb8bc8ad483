using Lianka.Modules.Consoles.Access;

namespace Lianka.Modules.Consoles.Merchant;

[Needs(MerchantPermissions.StaffManage)]
internal sealed class StaffListPage(Staff staff) : Tenanted.StaffListPage(staff)
{
    protected override string Root => "/console/merchant";
}

[Needs(MerchantPermissions.StaffManage, MerchantPermissions.StaffManage)]
internal sealed class StaffPersonPage(Staff staff, Sessions sessions, People people) : Tenanted.StaffPersonPage(staff, sessions, people)
{
    protected override string Root => "/console/merchant";
}

[Needs(MerchantPermissions.StaffManage)]
internal sealed class StaffRolesPage(Staff staff) : Tenanted.StaffRolesPage(staff)
{
    protected override string Root => "/console/merchant";
}

[Needs(MerchantPermissions.StaffManage, MerchantPermissions.StaffManage)]
internal sealed class StaffRolePage(Staff staff) : Tenanted.StaffRolePage(staff)
{
    protected override string Root => "/console/merchant";
}
