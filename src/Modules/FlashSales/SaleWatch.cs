using System.Collections.Concurrent;
using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.FlashSales;

/// <summary>Keeps this node's picture of the sales fresh: often while one runs, seldom otherwise.</summary>
internal sealed partial class SaleWatch(SaleBook book, StorefrontBook shops, TimeProvider clock, ILogger<SaleWatch> log) : BackgroundService
{
    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(400), _seldom = TimeSpan.FromSeconds(2);

    /// <summary>A sale that ended is remembered so long, for those who ask what became of their attempt.</summary>
    private static readonly TimeSpan _remembered = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<SaleId, SaleDoor> _doors = [];
    private readonly SemaphoreSlim _refreshing = new(1, 1);

    public SaleDoor? Door(SaleId sale) => _doors.GetValueOrDefault(sale);

    public IEnumerable<SaleDoor> Doors => _doors.Values;

    /// <summary>A node that serves knows all sales and who has an order in them: that is part of starting.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(IsOneRunning() ? _often : _seldom, stoppingToken);
                await RefreshAsync(stoppingToken);
            }
            catch (DbException fault)
            {
                // What is in memory stays true enough: it can only be late in telling that units came back.
                NotRefreshed(fault);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public async Task RefreshAsync(CancellationToken cancel)
    {
        await _refreshing.WaitAsync(cancel);
        try
        {
            var news = await book.NewsAsync(clock.Now() - _remembered, _doors.ToDictionary(d => d.Key, d => d.Value.Seen), cancel);
            foreach (var sale in news)
            {
                if (_doors.TryGetValue(sale.Sale.Id, out var door)) door.Learn(sale);
                else if (await shops.FindAsync(null, sale.Sale.StorefrontId, cancel) is { } shop) _doors[sale.Sale.Id] = new SaleDoor(shop.Slug, sale);
            }

            foreach (var gone in _doors.Keys.Except(news.Select(n => n.Sale.Id)).ToList()) _doors.TryRemove(gone, out _);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private bool IsOneRunning()
    {
        var now = clock.Now();
        return _doors.Values.Any(d => d.Sale.FromAt - _seldom <= now && now <= d.Sale.ToAt.AddSeconds(d.Sale.PaySeconds) && !d.Sale.IsSoldOut);
    }

    public override void Dispose()
    {
        _refreshing.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "The flash sales could not be refreshed.")]
    private partial void NotRefreshed(Exception fault);
}
