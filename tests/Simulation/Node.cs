using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Lianka.Tests.Simulation;

/// <summary>One life of one node: the real engine, its clock, what it has in hand. A restart makes a new one.</summary>
internal sealed class Node
{
    private readonly Simulation _world;
    private readonly List<(Request Request, Task<OrderDecision> Answer)> _inHand = [];
    private readonly List<Tx> _open = [];
    private Task? _batch;
    private bool _isWoken;

    public Node(Simulation world, int no)
    {
        (_world, No) = (world, no);
        Clock = new NodeClock(world.Timeline, () => IsDead);
        Store = new SimulatedStore(world, this);
        Engine = new OrderEngine(Store, Shop.Rules, Shop.Router, Clock, NullLogger<OrderEngine>.Instance) { AtStep = AtStep };
        Work = new ClockWork(world, this);
    }

    public int No { get; }
    public NodeClock Clock { get; }
    public SimulatedStore Store { get; }
    public OrderEngine Engine { get; }
    public ClockWork Work { get; }
    public bool IsDead { get; private set; }

    /// <summary>How many commands it took in and has not answered.</summary>
    public int InHand => _inHand.Count;

    public void Accept(Request request)
    {
        request.Arrived++;
        try
        {
            _inHand.Add((request, Engine.RunAsync(request.Command, CancellationToken.None)));
            Wake();
        }
        catch (EngineBusyException busy)
        {
            _world.Clients.Failed(request, busy);
        }
    }

    public void Opened(Tx tx) => _open.Add(tx);

    /// <summary>A step that waits: for the disk, the network, or because the whole node was frozen (F13).</summary>
    public ValueTask StepAsync(Point point, Tx? tx)
    {
        if (IsDead || DiesAt(point)) return new ValueTask(Never.Task);
        if (tx is not null) Fail();
        // Often enough for others to come between any two steps; not always, for speed.
        return _world.Dice.OneIn(4) ? new ValueTask(PauseAsync()) : ValueTask.CompletedTask;
    }

    private Task PauseAsync()
    {
        var resumed = new TaskCompletionSource();
        var wait = _world.IsFaulty && _world.Dice.OneIn(200) ? _world.Dice.Between(100_000, 3_000_000) : _world.Dice.Between(1, 300);
        _world.Timeline.In(wait, () => Resume(resumed.SetResult));
        return resumed.Task;
    }

    /// <summary>Goes on, unless nobody is there any more.</summary>
    public void Resume(Action goOn)
    {
        if (!IsDead) goOn();
    }

    /// <returns>True when the node's life ended here.</returns>
    public bool DiesAt(Point point)
    {
        if (!_world.KillsAt(point)) return false;
        Die(point);
        return true;
    }

    /// <summary>Looks after what the engine has finished. Called after every event.</summary>
    public void Poll()
    {
        if (IsDead) return;
        for (var i = 0; i < _inHand.Count; i++)
        {
            var (request, answer) = _inHand[i];
            if (!answer.IsCompleted) continue;
            _inHand.RemoveAt(i--);
            if (answer.IsCompletedSuccessfully) _world.Clients.Answered(request, answer.Result);
            else _world.Clients.Failed(request, answer.Exception!.InnerException!);
        }

        if (_batch is not { IsCompleted: true }) return;
        if (_batch.IsFaulted) throw new BrokenException("the engine", $"its loop ended: {_batch.Exception}");
        _batch = null;
        if (Engine.QueueLength > 0) Wake();
    }

    private void Wake()
    {
        if (_batch is not null || _isWoken) return;
        _isWoken = true;
        _world.Timeline.In(_world.Dice.Between(1, 1_500), () => Resume(() =>
        {
            _isWoken = false;
            try
            {
                _batch = Engine.RunWaitingAsync();
            }
            catch (NodeDiedException)
            {
                // At its very first step.
            }
        }));
    }

    private void AtStep(EngineStep step)
    {
        if (IsDead) throw new NodeDiedException();
        if (step == EngineStep.Answered) Poll();
        if (DiesAt(step switch
        {
            EngineStep.Dequeued => Point.Dequeued,
            EngineStep.Decided => Point.Decided,
            EngineStep.Applied => Point.Applied,
            EngineStep.Answered => Point.Answered,
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        })) throw new NodeDiedException();
    }

    private void Fail()
    {
        if (_world.IsDatabaseAway) throw SimulatedStore.Away();
        if (!_world.IsFaulty || !_world.Dice.OneIn(400)) return;
        _world.Tally.Faults++;
        throw _world.Dice.Next(3) switch
        {
            0 => new PostgresException("could not serialize", "ERROR", "ERROR", PostgresErrorCodes.SerializationFailure),
            1 => SimulatedStore.Lost(),
            _ => new PostgresException("no space left", "ERROR", "ERROR", PostgresErrorCodes.DiskFull),
        };
    }

    private void Die(Point at)
    {
        Poll();
        _world.Trace?.Invoke($"node {No} dies at {at}");
        IsDead = true;
        foreach (var tx in _open)
        {
            // The server notices the broken connection after a while; until then the rows stay locked.
            if (!tx.IsOver && !tx.IsCommitSent) _world.Timeline.In(_world.Dice.Between(10, 20_000), () => _world.Locks.Release(tx));
        }

        _world.Restart(this);
    }
}
