namespace Lianka.Platform.Data;

/// <summary>A row that was read without a lock had changed by the time it was written; the transaction left no trace.</summary>
public sealed class StaleReadException(string message) : Exception(message);
