using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>Raises the counters by which every node sees that its snapshot is old.</summary>
/// <remarks>
/// The row stays locked until the transaction ends, so changes of one kind happen one after the other, and their numbers
/// rise in the order of their commits. Changes that look before they write (the tree) raise it first, for this lock.
/// </remarks>
internal static class Versions
{
    public static Task<long> RaisePricesAsync(this Session session) => RaiseAsync(session, "prices");

    public static Task<long> RaiseAccessAsync(this Session session) => RaiseAsync(session, "access");

    private static async Task<long> RaiseAsync(Session session, string name) =>
        await session.ScalarAsync<long>("update version set value = value + 1 where name = @name returning value", new { name });
}
