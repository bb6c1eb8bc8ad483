using System.Collections.Concurrent;
using Lianka.Modules.Suppliers;

namespace Lianka.Tests.Integration.Orders;

/// <summary>Suppliers' systems in a test's hand: what they answer, and how often each purchase was told to them.</summary>
internal sealed class FakeUpstreams : IUpstreams, IUpstream
{
    public ConcurrentDictionary<long, int> Bought { get; } = new();
    public ConcurrentQueue<UpstreamOrder> Asked { get; } = new();
    public ConcurrentQueue<UpstreamOrder> Told { get; } = new();
    public Func<UpstreamOrder, UpstreamAnswer> OnBuy { get; set; } = _ => Delivered();
    public Func<UpstreamOrder, UpstreamAnswer> OnQuery { get; set; } = _ => new UpstreamAnswer.Unknown("nothing yet");
    public UpstreamNews? News { get; set; }

    public static UpstreamAnswer Delivered(params string[] cards) =>
        new UpstreamAnswer.Succeeded("u-1", null, "receipt 1", [.. cards.Select(c => new UpstreamCard(null, c))]);

    public Task<IUpstream?> OpenAsync(long id, CancellationToken cancel = default) => Task.FromResult<IUpstream?>(this);

    public Task<long?> OfNoticeKeyAsync(string noticeKey, CancellationToken cancel = default) =>
        Task.FromResult<long?>(noticeKey switch { "key-1" => 1, "key-2" => 2, _ => null });

    public Task<UpstreamAnswer> BuyAsync(UpstreamOrder order, CancellationToken cancel)
    {
        Bought.AddOrUpdate(order.Number, 1, (_, times) => times + 1);
        Told.Enqueue(order);
        return Task.FromResult(OnBuy(order));
    }

    public Task<UpstreamAnswer> QueryAsync(UpstreamOrder order, CancellationToken cancel)
    {
        Asked.Enqueue(order);
        return Task.FromResult(OnQuery(order));
    }

    public UpstreamNews? Read(UpstreamNotice notice) => News;

    public string Thanks => "ok";
}
