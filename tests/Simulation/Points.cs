namespace Lianka.Tests.Simulation;

/// <summary>Where a node may die: between every two steps of the engine and of the order clock.</summary>
internal enum Point
{
    Dequeued,
    Begun, KeysProbed, OrdersLocked, SalesLocked, AccountsRead, StockRead, Loaded,
    Decided, Applied,
    ChangedOrdersSaved, NewOrdersSaved, StockSaved, NotesSaved, PaymentsSaved, PostingsSaved, SalesSaved, TransfersSaved, BalancesSaved,
    CommitSent, Committed, Answered,
    LapseRead,
    SettleBegun, SettleOrdersLocked, SettleAccountsLocked, SettleSaved, SettleCommitSent, SettleCommitted,
    MatureBegun, MatureLocked, MatureSaved, MatureCommitSent, MatureCommitted,
}

/// <summary>The node has just died in the middle of code that does not wait for anything.</summary>
internal sealed class NodeDiedException() : Exception("The node is dead.");
