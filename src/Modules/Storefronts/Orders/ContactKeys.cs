using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Core;
using Lianka.Vault;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>The keyed hash under which an order is found by its buyer's contact.</summary>
internal sealed class ContactKeys(CardVault vault)
{
    public byte[] Of(Contact contact) => vault.Fingerprint(contact.Value, OrderDesk.ContactScope);
}
