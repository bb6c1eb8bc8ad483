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
        _alarm.Ring(0);
        held.LetGo();
        _given.ShouldBe(["first", "second"]);
        _alarm.Stopped.ShouldBe(2);
    }

    [Fact]
    public void Answers_that_nobody_let_go_go_out_before_the_next_are_held()
    {
        var held = new HeldAnswers(_alarm);
        held.Hold(() => _given.Add("first"));
        held.Hold(() => _given.Add("second"));
        _given.ShouldBe(["first"]);
    }

    /// <summary>Its timers ring when they are told, even ones that were disposed of: as a timer may that was under way.</summary>
    private sealed class Alarm : TimeProvider
    {
        private readonly List<Action> _rings = [];

        public TimeSpan Due { get; private set; }
        public int Stopped { get; private set; }

        public void Ring(int no = 0) => _rings[no]();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _rings.Add(() => callback(state));
            Due = dueTime;
            return new Bell(this);
        }

        private sealed class Bell(Alarm alarm) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;
            public void Dispose() => alarm.Stopped++;
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
