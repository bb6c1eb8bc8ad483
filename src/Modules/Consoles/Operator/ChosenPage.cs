using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Tenanted;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.RowsBulk, Permissions.RowsBulk)]
internal sealed class ChosenPage(RowDeeds deeds) : ChosenRowsPage
{
    protected override RowDeed? Find(string name) => deeds.Find(name);
}
