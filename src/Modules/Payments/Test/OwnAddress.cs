using Lianka.Platform.Data;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Payments.Test;

/// <summary>Where this process can be reached from itself: the simulated gateway is asked over HTTP like any other.</summary>
internal sealed class OwnAddress(IServiceProvider services, Database database)
{
    private const string Setting = "channel.test.base_url";

    /// <exception cref="ChannelException">The server does not listen, and no setting names another address.</exception>
    public async ValueTask<Uri> GetAsync()
    {
        var set = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = @Setting", new { Setting }));
        if (!string.IsNullOrEmpty(set)) return new Uri(set);
        var bound = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new ChannelException($"The server is not listening yet; set '{Setting}' to use another gateway.");
        return Reachable(bound);
    }

    /// <summary>Bound to every address means reachable at the loopback one.</summary>
    internal static Uri Reachable(string bound)
    {
        var address = BindingAddress.Parse(bound);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }
}
