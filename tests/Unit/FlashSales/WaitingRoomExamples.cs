using Lianka.Modules.FlashSales.Core;

namespace Lianka.Tests.Unit.FlashSales;

public sealed class WaitingRoomExamples
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    [Fact]
    public void As_many_are_called_as_there_are_units_and_in_order()
    {
        var room = Room(5);
        room.Call(_start, 2);
        Turns(room).ShouldBe([true, true, false, false, false]);
        room.Call(_start, 2);
        Turns(room).Count(t => t).ShouldBe(2, "those who were called have the two units until their grace is over");
        (room.Ahead(0), room.Ahead(2), room.Ahead(4)).ShouldBe((0, 2, 4));
        room.Try(0);
        room.Call(_start, 2);
        Turns(room).ShouldBe([true, true, true, false, false]);
    }

    [Fact]
    public void Who_does_not_come_when_called_makes_room_and_may_still_come()
    {
        var room = Room(3);
        room.Call(_start, 1);
        room.Call(_start + WaitingRoom.Grace + TimeSpan.FromTicks(1), 1);
        Turns(room).ShouldBe([true, true, false]);
        (room.Called, room.Uncalled).ShouldBe((1, 1));
    }

    [Fact]
    public void Who_stopped_asking_is_passed_over()
    {
        var room = Room(3);
        var later = _start + (_pause * 2) + WaitingRoom.Grace + TimeSpan.FromSeconds(1);
        room.See(2, later, _pause);
        room.Call(later, 1);
        Turns(room).ShouldBe([true, true, true]);
        room.Called.ShouldBe(1, "only the third is there to take the unit");
    }

    [Fact]
    public void Who_has_an_order_stands_in_nobodys_way()
    {
        var room = Room(3);
        room.Remove(1);
        room.Find(1).ShouldBeNull();
        room.Call(_start, 1);
        Turns(room)[1].ShouldBeTrue();
        room.Remove(2);
        room.Called.ShouldBe(0);
        room.Clear();
        (room.Uncalled, room.Find(3)).ShouldBe((0, null));
    }

    /// <summary>Whatever happens: never more are called than units were there for, and places are called in order.</summary>
    [Fact]
    public void The_line_is_kept_whatever_happens()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (room, now, buyers) = (new WaitingRoom(), _start, 0);
            for (var step = 0; step < 60; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(4_000));
                var units = random.Next(4);
                var before = room.Called;
                room.Call(now, units);
                (room.Called <= Math.Max(before, units)).ShouldBeTrue($"seed {seed}: more called than units");
                switch (random.Next(4))
                {
                    case 0 or 1: room.See(room.Add(++buyers, 1), now, _pause); break;
                    case 2 when buyers > 0 && room.Find(random.Next(1, buyers + 1)) is { } place && room.HasTurn(place): room.Try(place); break;
                    case 3 when buyers > 0: room.Remove(random.Next(1, buyers + 1)); break;
                }

                var turns = Enumerable.Range(0, buyers).Select(room.HasTurn).ToList();
                turns.SequenceEqual(turns.OrderByDescending(t => t)).ShouldBeTrue($"seed {seed}: somebody was called before who came earlier");
                (room.Called >= 0 && room.Uncalled >= 0).ShouldBeTrue($"seed {seed}: counts");
            }
        }
    }

    private static WaitingRoom Room(int buyers)
    {
        var room = new WaitingRoom();
        for (var buyer = 1; buyer <= buyers; buyer++) room.See(room.Add(buyer, 1), _start, _pause);
        return room;
    }

    private static List<bool> Turns(WaitingRoom room) => [.. Enumerable.Range(0, room.Uncalled + Passed(room)).Select(room.HasTurn)];

    private static int Passed(WaitingRoom room)
    {
        var passed = 0;
        while (room.HasTurn(passed)) passed++;
        return passed;
    }
}
