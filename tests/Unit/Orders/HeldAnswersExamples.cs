using Lianka.Modules.Orders.Engine;

namespace Lianka.Tests.Unit.Orders;

public sealed class HeldAnswersExamples
{
    private readonly Alarm _alarm = new();
    private readonly List<string> _given = [];

    [Fact]
    public void Answers_go_out_when_they_are_let_go_and_only_once()
    {
        var held = new HeldAnswers(_alarm);
        held.LetGo();
        held.Hold(() => _given.Add("first"));
        _given.ShouldBeEmpty();
        held.LetGo();
        held.LetGo();
        _alarm.Ring();
        _given.ShouldBe(["first"]);
    }

    [Fact]
    public void Answers_go_out_by_themselves_after_ten_milliseconds()
    {
        var held = new HeldAnswers(_alarm);
        held.Hold(() => _given.Add("first"));
        _alarm.Due.ShouldBe(TimeSpan.FromMilliseconds(10));
        _alarm.Ring();
        _given.ShouldBe(["first"]);
    }

    [Fact]
    public void A_timer_that_rings_late_does_not_let_the_next_answers_go_twice()
    {
        var held = new HeldAnswers(_alarm);
        held.Hold(() => _given.Add("first"));
        held.LetGo();
        held.Hold(() => _given.Add("second"));
        _alarm.Ring();
        held.LetGo();
        _given.ShouldBe(["first", "second"]);
    }

    /// <summary>Its timers ring when they are told, even ones that were disposed of: as a timer may that was under way.</summary>
    private sealed class Alarm : TimeProvider
    {
        private Action? _ring;

        public TimeSpan Due { get; private set; }

        public void Ring() => _ring!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_ring, Due) = (() => callback(state), dueTime);
            return new Bell();
        }

        private sealed class Bell : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;
            public void Dispose() { }
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
