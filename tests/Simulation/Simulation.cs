using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;

namespace Lianka.Tests.Simulation;

/// <summary>Something that must always hold did not.</summary>
internal sealed class BrokenException(string what, string how) : Exception($"{what}: {how}")
{
    public string What => what;
}

/// <summary>One run: two nodes with the real engine on one simulated database, and everything that can happen to them.</summary>
/// <remarks>
/// One thread, and all chance from the seed, so a seed always gives the same run. Clients come until there were at least
/// <see cref="RequestsMin"/> commands and <see cref="KillsMin"/> kills; then the faults end, what is under way is brought
/// to its end, and the tables are proved.
/// </remarks>
internal sealed class Simulation
{
    public const int RequestsMin = 50;
    public const int KillsMin = 5;

    private readonly Node[] _nodes = new Node[2];
    private long _nextId = 1_000, _nextNumber = LedgerNumbers.Start;
    private int _kills;
    private Point _killAt;
    private int _killAfter, _patience;
    private bool _isSpawning = true;
    private long _awayUntil;

    public Simulation(long seed, Tally tally, Action<string>? trace = null)
    {
        (Dice, Tally) = (new Dice(seed), tally);
        if (trace is not null) Trace = line => trace($"{Timeline.Micros / 1_000.0,10:F3} ms  {line}");
        Tables = new Tables(Shop.AnyBook(Dice));
        HasEngineLock = !Dice.OneIn(4);
        Locks = new Locks(Timeline);
        Clients = new Clients(this);
        Tables.Bought = Clients.Supply;
        Shop.Furnish(this);
        PlanKill();
        for (var i = 0; i < _nodes.Length; i++) Start(i);
    }

    public Dice Dice { get; }
    public Timeline Timeline { get; } = new();
    public Tables Tables { get; }
    public Locks Locks { get; }
    public Clients Clients { get; }
    public Tally Tally { get; }
    public Action<string>? Trace { get; }

    /// <summary>The lock that keeps the engines of several nodes apart. Some worlds go without: what is unique must be so all the same.</summary>
    public bool HasEngineLock { get; }

    /// <summary>Messages and connections are lost, nodes freeze and die.</summary>
    public bool IsFaulty { get; private set; } = true;

    /// <summary>Nothing reaches the database for a while (F5).</summary>
    public bool IsDatabaseAway => Timeline.Micros < _awayUntil;

    public BrokenException? Broken { get; set; }

    public long NextId() => _nextId++;

    /// <summary>A block of the series that orders and transfers share.</summary>
    public LedgerNumbers Draw() => new([(_nextNumber += LedgerNumbers.Block) - LedgerNumbers.Block]);

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <exception cref="BrokenException">An invariant does not hold.</exception>
    /// <param name="tamper">Falsifies the finished tables, to try the proofs.</param>
    public void Run(Action<Tables>? tamper = null)
    {
        Timeline.In(1, Spawn);
        PlayOut();
        // Reservations lapse and everything is released: two days later, on one node, with the other one idle.
        foreach (var node in _nodes) node.Clock.ErrorMicros = 48L * 3_600_000_000;
        for (var tick = 0; _nodes[0].Work.IsDue(); tick++)
        {
            if (tick == 50) throw new BrokenException("I17", "what is due is never done");
            _ = _nodes[0].Work.TickAsync();
            // Time passes even when nothing happens: a node that turned callers away takes them in again.
            Timeline.In(2_000_000, static () => { });
            PlayOut();
        }

        tamper?.Invoke(Tables);
        Proof.Of(this);
        Tally.Finished(Clients.Requests.Count, Tables.Orders.Count, _kills);
    }

    public bool KillsAt(Point point)
    {
        Tally.Passed[(int)point]++;
        if (!IsFaulty) return false;
        if (--_patience < 0) PlanKill();
        if (point != _killAt || _killAfter-- > 0) return false;
        Tally.KilledAt[(int)point]++;
        _kills++;
        PlanKill();
        return true;
    }

    public void Restart(Node dead) => Timeline.In(Dice.Between(500, 30_000), () => Start(dead.No));

    private void PlanKill() =>
        (_killAt, _killAfter, _patience) = ((Point)Dice.Next(Tally.Passed.Length), Dice.Next(4), Dice.Between(40, 400));

    private void Start(int no)
    {
        var error = _nodes[no]?.Clock.ErrorMicros ?? 0;
        var node = _nodes[no] = new Node(this, no);
        node.Clock.ErrorMicros = error;
        Timeline.In(Dice.Between(1, 20_000), () => Tick(node));
    }

    private void Tick(Node node)
    {
        if (node.IsDead || !IsFaulty) return;
        _ = node.Work.TickAsync();
        Timeline.In(Dice.Between(20_000, 120_000), () => Tick(node));
    }

    private void Spawn()
    {
        Clients.Come();
        if (Dice.OneIn(14)) Happen();
        if (Dice.OneIn(4)) Timeline.In(Dice.Between(0, 10_000), Clients.TopUp);
        if (Dice.OneIn(8)) Timeline.In(Dice.Between(0, 100_000), Clients.PayOut);
        if (Clients.Requests.Count < RequestsMin || _kills < KillsMin)
        {
            var isLate = Clients.Requests.Count >= RequestsMin;
            Timeline.In(Math.Max(0, _awayUntil - Timeline.Micros) + (isLate ? Dice.Between(10_000, 60_000) : Dice.OneIn(3) ? 0 : Dice.Between(1, 20_000)), Spawn);
            return;
        }

        _isSpawning = false;
        // What is still under way lives on among faults for a while.
        Timeline.In(Dice.Between(0, 200_000), () => IsFaulty = false);
    }

    /// <summary>The world beside the orders moves too.</summary>
    private void Happen()
    {
        switch (Dice.Next(6))
        {
            case 0: Tables.Book = Shop.AnyBook(Dice); break;
            case 1: Shop.AddLot(this); break;
            case 2: Dice.Of(_nodes).Clock.ErrorMicros = Dice.Between(-3_000_000, 3_000_000); break;
            case 3: Clients.TopUp(); break;
            case 4: Clients.ChangeCredit(); break;
            case 5 when Dice.OneIn(4):
                _awayUntil = Timeline.Micros + Dice.Between(1_000, 8_000_000);
                Trace?.Invoke($"the database is away until {_awayUntil / 1_000} ms");
                break;
        }
    }

    private void PlayOut()
    {
        while (Timeline.Step())
        {
            foreach (var node in _nodes) node.Poll();
            if (Broken is not null) throw Broken;
        }

        if (_isSpawning || Locks.Count > 0) throw new BrokenException("I17", $"everything stands still, and there stay locked: {Locks}");
    }
}
