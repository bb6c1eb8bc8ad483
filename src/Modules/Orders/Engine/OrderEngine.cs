using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Lianka.Kernel;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Risk;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Bounded queue → batch → load → decide → save → answer, one transaction a batch.</summary>
/// <remarks>
/// A batch is whatever waits when the one before has committed; there is no timer. Every command carries its own key, so a
/// batch whose commit may or may not have happened is simply run again. Time, chance and the database come from outside,
/// so that tests/Simulation can run this very code step by step.
/// </remarks>
internal sealed partial class OrderEngine(IOrderStore store, IOrderRisk risk, ISupplyRouter router, TimeProvider clock, ILogger<OrderEngine> log) : BackgroundService
{
    public const int BatchMax = 512;
    public const int QueueMax = 8_192;
    private const int DuplicatesMax = 3;

    /// <summary>
    /// A purchase that has not been begun after so long is not begun any more. Its caller has a time-out of about that, may have
    /// asked another node in the meantime, been told that there is no money, and gone away.
    /// </summary>
    public static readonly TimeSpan PurchaseAgeMax = TimeSpan.FromSeconds(3);

    /// <summary>A batch's span names so many of its requests.</summary>
    private const int LinksMax = 32;

    /// <summary>While the database is away, new commands are refused for so long after each attempt that failed.</summary>
    private const double ShedSeconds = 1;

    private static readonly Meter _meter = new("Lianka.Orders");
    private static readonly Counter<long> _commands = _meter.CreateCounter<long>("lianka_order_commands", description: "Commands by kind and outcome");
    private static readonly Counter<long> _stopped = _meter.CreateCounter<long>("lianka_order_risk", description: "Orders that risk did not allow, by its answer");
    private static readonly Histogram<long> _batchSize = _meter.CreateHistogram<long>("lianka_order_batch_size");
    private static readonly Histogram<double> _batchSeconds = _meter.CreateHistogram<double>("lianka_order_batch_seconds");

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueMax) { SingleReader = true });

    // A timestamp of the clock; 0: the database answers. Read by callers without a lock: a moment too late does no harm.
    private long _shedUntil;

    private readonly QueueDelay _delay = new(clock, BatchMax);
    private readonly HeldAnswers _held = new(clock);

    /// <param name="Gone">Set when the caller has hung up.</param>
    private sealed record Waiting(OrderCommand Command, TaskCompletionSource<OrderDecision> Answer, ActivityContext Trace, long Since, CancellationToken Gone)
    {
        /// <summary>The orders that its runs without an answer may have made, and why there was none.</summary>
        private List<OrderId>? _tried;
        private CommitUnknownException? _unknown;

        /// <param name="decision">What the run decided.</param>
        public void Try(OrderDecision? decision, CommitUnknownException unknown)
        {
            if (decision is OrderDecision.Done { IsReplay: false } done) (_tried ??= []).Add(done.Order.Id);
            _unknown = unknown;
        }

        /// <summary>What an unanswered run of this very command did is its own doing, not a repetition.</summary>
        public OrderDecision Own(OrderDecision decision) =>
            decision is OrderDecision.Done { IsReplay: true } done && _tried?.Contains(done.Order.Id) == true ? done with { IsReplay = false } : decision;

        /// <summary>Whether it is a purchase that nobody may be waiting for any more.</summary>
        public bool IsStale(TimeProvider clock) => Command is OrderCommand.Place or OrderCommand.Reserve
            && (Gone.IsCancellationRequested || clock.GetElapsedTime(Since) > PurchaseAgeMax);

        /// <summary>"Busy" says that nothing was done, which is not told to one of whom nobody knows what an earlier run did.</summary>
        public void Fail(Exception fault) => Answer.TrySetException(fault is EngineBusyException && _unknown is { } unknown ? unknown : fault);
    }

    /// <summary>How many commands wait; for /metrics and for shedding before the signature check.</summary>
    public int QueueLength => _queue.Reader.Count;

    /// <summary>The queue now; while the database is away, a wait of an hour is expected.</summary>
    public QueueState Queue
    {
        get
        {
            var waiting = QueueLength;
            return new(_shedUntil != 0 && clock.GetTimestamp() < _shedUntil ? TimeSpan.FromHours(1) : _delay.Expect(waiting), waiting, _delay.Usual);
        }
    }

    /// <summary>Told after each step that no call of the store marks; null but where faults are tried out.</summary>
    public Action<EngineStep>? AtStep { get; init; }

    /// <param name="cancel">The caller has gone: a purchase that is not begun yet is not begun any more; anything else goes on.</param>
    /// <exception cref="EngineBusyException">The queue is full, the database is away, the turn did not come in time, or the node is stopping; nothing was done.</exception>
    /// <exception cref="CommitUnknownException">The database went away during the commit; the same command again, by its key, tells.</exception>
    public Task<OrderDecision> RunAsync(OrderCommand command, CancellationToken cancel)
    {
        if (_shedUntil != 0 && clock.GetTimestamp() < _shedUntil) throw new EngineBusyException();
        var waiting = new Waiting(command, new(TaskCreationOptions.RunContinuationsAsynchronously), Traces.Here, clock.GetTimestamp(), cancel);
        return _queue.Writer.TryWrite(waiting)
            ? waiting.Answer.Task.WaitAsync(cancel)
            : throw new EngineBusyException();
    }

    /// <summary>On a thread of its own: the engine must not queue for one behind the very requests that wait for it.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        // A stop lets everything finish that was taken in: the queue is closed, then drained.
        using var closing = stoppingToken.Register(() => _queue.Writer.TryComplete());
        while (_queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()) RunWaitingAsync().GetAwaiter().GetResult();
    }

    /// <summary>Runs one batch of what waits now. One caller at a time: the engine's own loop, or who stands in for it.</summary>
    public Task RunWaitingAsync()
    {
        var batch = new List<Waiting>(Math.Min(QueueLength, BatchMax));
        while (batch.Count < BatchMax && _queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
        AtStep?.Invoke(EngineStep.Dequeued);
        return RunBatchAsync(batch);
    }

    private async Task RunBatchAsync(List<Waiting> batch)
    {
        var start = clock.GetTimestamp();
        using var span = Span(batch);
        if (span is not null) Traces.Ended("wait", clock.GetElapsedTime(batch[0].Since, start));
        _delay.Begin();
        var fault = await TryRunAsync(batch, isGrowing: true);
        if (fault is EngineBusyException or CommitUnknownException)
        {
            Fail(batch, fault);
            // The database is away: who waits behind is told now that nothing was done, instead of in turn.
            while (_queue.Reader.TryRead(out var behind)) behind.Fail(new EngineBusyException());
        }
        else if (fault is not null && batch.Count == 1)
        {
            Fail(batch, fault);
        }
        else if (fault is not null)
        {
            // One bad command must not take the others with it: each now runs alone.
            Exception? away = null;
            foreach (var waiting in batch)
            {
                if ((away ?? await TryRunAsync([waiting], isGrowing: false)) is not { } own) continue;
                waiting.Fail(own);
                if (own is EngineBusyException or CommitUnknownException) away = new EngineBusyException();
            }
        }

        _delay.End();
        _batchSize.Record(batch.Count);
        _batchSeconds.Record(clock.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The span of a batch: part of its command's trace when it has one, otherwise linked to those of its commands.</summary>
    private static Activity? Span(List<Waiting> batch)
    {
        if (!Traces.Source.HasListeners() || batch.Count == 0) return null;
        var links = batch.Count == 1 ? null : batch.Where(w => w.Trace != default).Take(LinksMax).Select(w => new ActivityLink(w.Trace));
        var span = Traces.Source.StartActivity("batch", ActivityKind.Internal, batch.Count == 1 ? batch[0].Trace : default, links: links);
        return span?.SetTag("lianka.commands", batch.Count);
    }

    private static void Fail(List<Waiting> batch, Exception fault)
    {
        foreach (var waiting in batch) waiting.Fail(fault);
    }

    /// <returns>
    /// Null when the batch was run and answered. Otherwise the fault: <see cref="EngineBusyException"/> when the database was
    /// away and nothing was done, <see cref="CommitUnknownException"/> when it went away during a commit and stayed away.
    /// </returns>
    /// <param name="isGrowing">Whether the batch takes in what came while it waited for its turn.</param>
    private async Task<Exception?> TryRunAsync(List<Waiting> batch, bool isGrowing)
    {
        var outage = new Outage(clock);
        for (int attempt = 1, duplicates = 0; ; attempt++)
        {
            try
            {
                var decisions = await DecideAsync(batch, isGrowing);
                _shedUntil = 0;
                Count(batch, decisions);
                var here = Traces.Here;
                _held.Hold(() => Answer(batch, decisions, here));
                // Nobody waits: there is no next batch to begin first.
                if (QueueLength == 0) _held.LetGo();
                return null;
            }
#pragma warning disable CA1031 // The loop is a boundary: whatever happened is answered to the callers, and the engine goes on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                BatchFailed(fault, batch.Count, attempt);
                var isDuplicate = Database.IsDuplicate(fault);
                if (!isDuplicate && fault is System.Data.Common.DbException { IsTransient: true })
                {
                    // Every command carries its own key, so that running again finds what an uncertain commit has done.
                    if (outage.IsOver(fault)) return outage.Verdict;
                    if (outage.IsFelt) _shedUntil = clock.GetTimestamp() + (long)(ShedSeconds * clock.TimestampFrequency);
                    await outage.PauseAsync();
                    continue;
                }

                // A duplicate key: the number was used before, or another node was first. A fresh load looks for its order.
                if (!isDuplicate || ++duplicates == DuplicatesMax) return fault;
                if (duplicates > 1) await Task.Delay(TimeSpan.FromMilliseconds(20 << duplicates), clock);
            }
        }
    }

    private void Answer(List<Waiting> batch, OrderDecision?[] decisions, ActivityContext span)
    {
        var start = clock.GetTimestamp();
        for (var i = 0; i < decisions.Length; i++)
        {
            if (decisions[i] is { } decision) batch[i].Answer.TrySetResult(decision);
            else batch[i].Fail(new EngineBusyException());
            AtStep?.Invoke(EngineStep.Answered);
        }

        Traces.Ended("answer", clock.GetElapsedTime(start), span);
    }

    /// <returns>For each command its decision; null when it was too late for it, and nothing was done.</returns>
    private async Task<OrderDecision?[]> DecideAsync(List<Waiting> batch, bool isGrowing)
    {
        var now = clock.Now();
        var commands = batch.ConvertAll(w => w.Command);
        OrderDecision?[] decisions = [];
        try
        {
            await store.RunAsync(commands, now, Begin, Decide);
        }
        catch (CommitUnknownException unknown)
        {
            for (var i = 0; i < decisions.Length; i++) batch[i].Try(decisions[i], unknown);
            throw;
        }

        for (var i = 0; i < decisions.Length; i++) if (decisions[i] is { } decision) decisions[i] = batch[i].Own(decision);
        return decisions;

        void Begin()
        {
            _held.LetGo();
            while (isGrowing && batch.Count < BatchMax && _queue.Reader.TryRead(out var late))
            {
                batch.Add(late);
                commands.Add(late.Command);
            }
        }

        BatchState Decide(Loaded loaded)
        {
            decisions = new OrderDecision?[commands.Count];
            var state = new BatchState(loaded, now, risk, router);
            for (var i = 0; i < decisions.Length; i++)
            {
                var verdict = DecideCommand.Decide(commands[i], state.NextIds(), state);
                AtStep?.Invoke(EngineStep.Decided);
                // Asked here, behind the engines' lock: while it is held, nobody else tells this caller anything.
                var isTooLate = verdict.Effects is not null && batch[i].IsStale(clock);
                decisions[i] = isTooLate ? null : verdict.Decision;
                if (verdict.Effects is { } effects && !isTooLate) state.Apply(effects); // The next command sees this one's effect.
                if (verdict.Decision is OrderDecision.Refused) state.Refused.Add(commands[i]);
                AtStep?.Invoke(EngineStep.Applied);
            }

            return state;
        }
    }

    private void Count(List<Waiting> batch, OrderDecision?[] decisions)
    {
        var counts = new Dictionary<(Type Command, string Outcome), int>();
        for (var i = 0; i < decisions.Length; i++)
        {
            if (decisions[i] is OrderDecision.Refused { Risk: { } verdict }) Tell(batch[i].Command, verdict);
            var outcome = decisions[i] switch
            {
                OrderDecision.Done { IsReplay: true } => "replayed",
                OrderDecision.Done => "done",
                OrderDecision.Refused r => r.Why.ToString(),
                _ => "too_late",
            };
            CollectionsMarshal.GetValueRefOrAddDefault(counts, (batch[i].Command.GetType(), outcome), out _)++;
        }

        foreach (var ((command, outcome), count) in counts)
            _commands.Add(count, new KeyValuePair<string, object?>("command", command.Name), new KeyValuePair<string, object?>("outcome", outcome));
    }

    /// <summary>Only once the answer is final: a batch that is run again would tell it twice.</summary>
    private void Tell(OrderCommand command, RiskVerdict verdict)
    {
        var (merchant, sku, key) = command switch
        {
            OrderCommand.Place c => (c.Merchant, c.Sku, c.ClientKey),
            OrderCommand.Reserve c => (c.Merchant, c.Sku, c.ClientKey),
            _ => throw new InvalidOperationException($"{command.GetType().Name} is not judged."),
        };
        _stopped.Add(1, new KeyValuePair<string, object?>("answer", verdict.Answer.ToString()));
        RiskStopped(verdict.Answer, string.Join(',', verdict.Reasons), merchant, sku, key);
    }

    [LoggerMessage(LogLevel.Warning, "Risk says {Answer} ({Reasons}) to the order {Key} of {Merchant} for {Sku}.")]
    private partial void RiskStopped(RiskAnswer answer, string reasons, MerchantId merchant, SkuId sku, string key);

    [LoggerMessage(LogLevel.Error, "A batch of {Count} commands failed at attempt {Attempt}.")]
    private partial void BatchFailed(Exception fault, int count, int attempt);
}
