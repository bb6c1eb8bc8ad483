namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>How many uploaded files this node reads at once: each stands in memory meanwhile, and those that come on top are told to wait.</summary>
/// <remarks>Held by: tests/Integration/Consoles/PriceFilePageTests.cs, GoodsImportPageTests.cs.</remarks>
internal sealed class UploadGate : IDisposable
{
    public const int Max = 4;

    private readonly SemaphoreSlim _places = new(Max, Max);

    /// <returns>Null: all places are taken.</returns>
    public IDisposable? TryEnter() => _places.Wait(0) ? new Place(_places) : null;

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
