using Lianka.Kernel.Routing;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Bank;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Alipay;
using Lianka.Modules.Payments.Channels.Epay;
using Lianka.Modules.Payments.Channels.Stripe;
using Lianka.Modules.Payments.Channels.UnionPay;
using Lianka.Modules.Payments.Channels.WeChat;
using Lianka.Modules.Payments.Notices;
using Lianka.Modules.Payments.Reconcile;
using Lianka.Modules.Payments.Refunds;
using Lianka.Modules.Payments.Simulator;
using Lianka.Modules.Payments.Test;
using Lianka.Modules.Payments.Wallet;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments;

public static class PaymentsModule
{
    public static IServiceCollection AddPayments(this IServiceCollection services)
    {
        services.AddSingleton<PaymentChannels>();
        services.AddSingleton(PaymentChannels.Sealed);
        services.AddSingleton(_ => new ChannelRouter(new Router(RouterSettings.OfPayments), Random.Shared));
        services.AddSingleton(p => new PaymentDesk(
            p.GetRequiredService<Database>(), p.GetRequiredService<IdSource>(), p.GetRequiredService<PaymentChannels>(), p.GetRequiredService<ChannelRouter>(),
            p.GetRequiredService<PaymentFollower>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<PaymentDesk>>()));
        services.AddSingleton<ChannelDesk>();
        services.AddSingleton<StorefrontFees>();
        services.AddSingleton<TakeMoney>();
        services.AddSingleton<PaidNews>();
        services.AddSingleton<TakeNotice>();
        services.AddSingleton(p => new Reconciliation(
            p.GetRequiredService<Database>(), p.GetRequiredService<PaymentChannels>(), p.GetRequiredService<TakeMoney>(), p.GetRequiredService<Ledger.Ledger>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Reconciliation>>()));
        services.AddSingleton<PaymentCaseDesk>();
        services.AddSingleton<GiveBack>();
        services.AddSingleton(p => new RefundDesk(
            p.GetRequiredService<Database>(), p.GetRequiredService<IdSource>(), p.GetRequiredService<PaymentChannels>(), p.GetRequiredService<GiveBack>(), p.GetRequiredService<TimeProvider>()));

        services.AddSingleton<BankDesk>();
        services.AddSingleton(BankDesk.Sealed);
        services.AddSingleton<IChannelProtocol, BankProtocol>();
        services.AddSingleton<WalletDesk>();
        services.AddSingleton<IChannelProtocol, WalletProtocol>();
        services.AddSingleton<IChannelProtocol, WeChatProtocol>();
        services.AddSingleton<IChannelProtocol, AlipayProtocol>();
        services.AddSingleton<IChannelProtocol, UnionPayProtocol>();
        services.AddSingleton<IChannelProtocol, StripeProtocol>();
        services.AddSingleton<IChannelProtocol, Epay1Protocol>();
        services.AddSingleton<IChannelProtocol, Epay2Protocol>();

        services.AddSingleton<TestChannelKey>();
        services.AddSingleton(TestChannelKey.Sealed);
        services.AddSingleton<OwnAddress>();
        services.AddSingleton<IChannelProtocol, TestProtocol>();
        services.AddSingleton<TestGateway>();
        Client(services, TestChannel.ClientName);
        Client(services, TestGateway.ClientName);

        services.AddHostedService<ChannelAccounts>();
        Worker<PaymentFollower>(services);
        Worker<RefundWorker>(services);
        Worker<StatementWorker>(services);
        Worker<LatePayments>(services);
        return services;
    }

    public static void MapPayments(this IEndpointRouteBuilder routes)
    {
        NoticeEndpoint.Map(routes);
        GatewayEndpoints.Map(routes);
    }

    // Also a singleton of its own, so that a test can make one step without waiting.
    private static void Worker<T>(IServiceCollection services) where T : PollingWorker
    {
        services.AddSingleton<T>();
        services.AddHostedService(s => s.GetRequiredService<T>());
    }

    private static void Client(IServiceCollection services, string name) =>
        services.AddHttpClient(name, c => c.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
            .RemoveAllLoggers();
}
