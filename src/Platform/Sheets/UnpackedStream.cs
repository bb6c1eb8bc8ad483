namespace Lianka.Platform.Sheets;

/// <summary>How much one file has unpacked to so far, all its parts together.</summary>
internal sealed class UnpackLimit
{
    /// <summary>The most bytes that a file of a million rows comes to, several times over.</summary>
    private const long Max = 1L << 30;

    /// <summary>The most bytes that the reader of XML may take before it gives anything: a tag has to be whole in memory, with all its attributes (a text has not, but none is as long). The longest honest one lists places of a sheet; so many are 100,000 of them.</summary>
    private const int StepMax = 1 << 20;

    private long _sum;
    private int _step;

    public bool Allows(int more) => (_sum += more) <= Max && (_step += more) <= StepMax;

    /// <summary>The reader of XML gave something: what follows is counted anew.</summary>
    public void Given() => _step = 0;
}

/// <summary>A part of a ZIP as it is unpacked; breaks off when it grows beyond what a spreadsheet does.</summary>
/// <remarks>It counts what really comes out: what the file says about itself may be a lie.</remarks>
internal sealed class UnpackedStream(Stream inner, long packed, UnpackLimit limit) : Stream
{
    /// <summary>Rows of digits unpack to some 20 times their size, empty rows to 60; what is made to burst, to 1,000.</summary>
    private const int RatioMax = 200;

    /// <summary>Small parts are often of few different characters, and do no harm.</summary>
    private const long RatioFrom = 4 << 20;

    private long _sum;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _sum += read;
        return limit.Allows(read) && (_sum < RatioFrom || _sum / RatioMax <= packed) ? read : throw new UnreadableSheetException("xlsx_bomb");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
