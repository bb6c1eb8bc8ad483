using System.Buffers;
using System.Buffers.Binary;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Store;
using Lianka.Vault;

namespace Lianka.Modules.Inventory.Import;

/// <summary>The sealed cards of one import, in a file of the system's temporary folder until they are written.</summary>
/// <remarks>
/// A million of them would stand in memory beside the database's own. Nothing here is readable without the vault. The
/// file has no name any more while it is used (on Windows: is deleted on close), so that a killed process leaves none.
/// </remarks>
internal sealed class SealedSpool : IDisposable
{
    private const int FullAt = 256 << 10, HeadSize = 20;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(FullAt + (64 << 10));

    public int Count { get; private set; }

    public SealedSpool()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lianka-import-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path);
    }

    /// <summary>Seals a card as the next of the lot.</summary>
    public void Add(CardVault.BulkSealer sealer, LotId lot, UInt128 fingerprint, ReadOnlySpan<byte> plain)
    {
        var length = plain.Length + CardVault.SealSize;
        var span = _buffer.GetSpan(HeadSize + length);
        BinaryPrimitives.WriteUInt128BigEndian(span, fingerprint);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], length);
        sealer.Seal(plain, CardText.Context(lot, ++Count), span.Slice(HeadSize, length));
        _buffer.Advance(HeadSize + length);
        if (_buffer.WrittenCount >= FullAt) Spill();
    }

    /// <summary>The cards in their order; each is good until the next is asked for. May be read again.</summary>
    public IEnumerable<SealedCard> Read()
    {
        if (_buffer.WrittenCount > 0) Spill();
        _file.Position = 0;
        var buffer = new byte[FullAt];
        var (start, end) = (0, 0);
        for (var seq = 1; seq <= Count; seq++)
        {
            Need(HeadSize);
            var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start + 16));
            Need(HeadSize + length);
            yield return new SealedCard(seq, buffer.AsMemory(start, 16), buffer.AsMemory(start + HeadSize, length));
            start += HeadSize + length;
        }

        void Need(int count)
        {
            if (end - start >= count) return;
            var from = buffer;
            if (buffer.Length < count) buffer = new byte[count];
            from.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            end += _file.ReadAtLeast(buffer.AsSpan(end), count - end);
        }
    }

    private void Spill()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    public void Dispose() => _file.Dispose();
}
