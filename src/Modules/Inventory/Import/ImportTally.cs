namespace Lianka.Modules.Inventory.Import;

/// <summary>How far one import has come. Written by the import, read by anyone who asks.</summary>
internal sealed class ImportTally
{
    private long _rows, _imported, _duplicateInFile, _duplicateInStock, _malformed, _percent;

    public long Rows { get => Volatile.Read(ref _rows); set => Volatile.Write(ref _rows, value); }
    public long Imported { get => Volatile.Read(ref _imported); set => Volatile.Write(ref _imported, value); }
    public long DuplicateInFile { get => Volatile.Read(ref _duplicateInFile); set => Volatile.Write(ref _duplicateInFile, value); }
    public long DuplicateInStock { get => Volatile.Read(ref _duplicateInStock); set => Volatile.Write(ref _duplicateInStock, value); }
    public long Malformed { get => Volatile.Read(ref _malformed); set => Volatile.Write(ref _malformed, value); }
    public long Percent => Volatile.Read(ref _percent);

    /// <summary>All counts begin anew; the bar stays where it is.</summary>
    public void Restart() => Rows = Imported = DuplicateInFile = DuplicateInStock = Malformed = 0;

    /// <summary>Moves the bar to a place between two marks; never backwards.</summary>
    public void Progress(long done, long all, int from, int to)
    {
        var percent = all <= 0 ? from : from + ((to - from) * Math.Min(done, all) / all);
        if (percent > Percent) Volatile.Write(ref _percent, percent);
    }
}
