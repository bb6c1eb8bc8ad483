using System.Runtime.InteropServices;

namespace Lianka.Modules.FlashSales.Core;

/// <summary>Who waits for a unit of one sale on this node, in the order in which they came.</summary>
/// <remarks>
/// When units come free, those whose turn it is are called: the next who asked lately, as many as there are units. Who was
/// called asks again within <see cref="Grace"/>, or the next one is called; the turn that has come is never taken away.
/// Those who went away are passed over, so that the line moves at the speed of the people in it. Not thread-safe.
/// Held by: tests/Unit/FlashSales/WaitingRoomExamples.cs.
/// </remarks>
internal sealed class WaitingRoom
{
    /// <summary>So many places in one room; about 60 bytes each.</summary>
    public const int PlacesMax = 2_000_000;

    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private enum State : byte { Waiting, Called, Passed, Gone }

    private struct Seat
    {
        public long PresentUntil;
        public byte Quantity;
        public State State;
    }

    private readonly List<Seat> _seats = [];
    private readonly Dictionary<long, int> _byBuyer = [];
    private readonly Queue<(int Place, long Until)> _called = [];
    private int _next;

    /// <summary>Called, and neither tried yet nor too late.</summary>
    public int Called { get; private set; }

    /// <summary>How many were never called.</summary>
    public int Uncalled => _seats.Count - _next;

    public bool IsFull => _seats.Count >= PlacesMax;

    public int? Find(long buyer) => _byBuyer.TryGetValue(buyer, out var place) ? place : null;

    /// <summary>A place at the end.</summary>
    public int Add(long buyer, byte quantity)
    {
        _seats.Add(new Seat { Quantity = quantity });
        _byBuyer[buyer] = _seats.Count - 1;
        return _seats.Count - 1;
    }

    public byte QuantityOf(int place) => _seats[place].Quantity;

    /// <summary>Its holder has just asked and was told when to ask again.</summary>
    public void See(int place, DateTimeOffset now, TimeSpan pause) => At(place).PresentUntil = (now + pause + pause + Grace).UtcTicks;

    public bool HasTurn(int place) => place < _next;

    /// <summary>People in front: those who were never called, and those who may try just now.</summary>
    public int Ahead(int place) => HasTurn(place) ? 0 : place - _next + Called;

    /// <summary>Calls as many as there are units for.</summary>
    public void Call(DateTimeOffset now, long units)
    {
        while (_called.TryPeek(out var first) && (first.Until < now.UtcTicks || _seats[first.Place].State != State.Called))
        {
            _called.Dequeue();
            if (_seats[first.Place].State == State.Called) Leave(first.Place, State.Passed);
        }

        while (Called < units && _next < _seats.Count)
        {
            ref var seat = ref At(_next);
            if (seat.State == State.Waiting)
            {
                seat.State = seat.PresentUntil >= now.UtcTicks ? State.Called : State.Passed;
                if (seat.State == State.Called)
                {
                    Called++;
                    _called.Enqueue((_next, (now + Grace).UtcTicks));
                }
            }

            _next++;
        }
    }

    /// <summary>Its holder tries now; whatever comes of it, its turn has come.</summary>
    public void Try(int place) => Leave(place, State.Passed);

    /// <summary>Its holder has an order, or cannot get one any more.</summary>
    public void Remove(long buyer)
    {
        if (!_byBuyer.Remove(buyer, out var place)) return;
        Leave(place, State.Gone);
    }

    public void Clear()
    {
        _seats.Clear();
        _seats.TrimExcess();
        _byBuyer.Clear();
        _byBuyer.TrimExcess();
        _called.Clear();
        (_next, Called) = (0, 0);
    }

    private void Leave(int place, State state)
    {
        ref var seat = ref At(place);
        if (seat.State == State.Called) Called--;
        seat.State = state;
    }

    private ref Seat At(int place) => ref CollectionsMarshal.AsSpan(_seats)[place];
}
