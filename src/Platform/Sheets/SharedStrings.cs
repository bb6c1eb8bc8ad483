using System.Buffers.Binary;
using System.Text;

namespace Lianka.Platform.Sheets;

/// <summary>The texts that the cells of a sheet refer to by number, as UTF-8 one behind the other.</summary>
/// <remarks>
/// In memory and not in a file: they may be secrets that are not sealed yet. A tenth of what strings would take, and bounded.
/// </remarks>
internal sealed class SharedStrings
{
    private const int BlockSize = 1 << 20, BlocksMax = 256, CountMax = 8_000_000;

    private readonly List<byte[]> _blocks = [];
    private readonly List<int> _places = [];
    private int _used = BlockSize;

    /// <returns>False: they have become more than a file of a million rows has.</returns>
    public bool TryAdd(StringBuilder text)
    {
        if (_places.Count == CountMax) return false;
        var room = sizeof(int) + (text.Length * 3);
        if (BlockSize - _used < room)
        {
            if (_blocks.Count == BlocksMax) return false;
            _blocks.Add(new byte[BlockSize]);
            _used = 0;
        }

        var block = _blocks[^1].AsSpan(_used);
        var length = 0;
        foreach (var chunk in text.GetChunks()) length += Encoding.UTF8.GetBytes(chunk.Span, block[(sizeof(int) + length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(block, length);
        _places.Add(((_blocks.Count - 1) * BlockSize) + _used);
        _used += sizeof(int) + length;
        return true;
    }

    public bool TryGet(int index, out string text)
    {
        text = "";
        if (index < 0 || index >= _places.Count) return false;
        var at = _blocks[_places[index] / BlockSize].AsSpan(_places[index] % BlockSize);
        text = Encoding.UTF8.GetString(at.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(at)));
        return true;
    }
}
