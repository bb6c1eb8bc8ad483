using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Platform.Http;

/// <summary>Where this process can be reached from its own machine.</summary>
public static class BoundAddress
{
    /// <returns>Null while nothing listens.</returns>
    public static Uri? Of(IServiceProvider services) =>
        services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } bound ? Reachable(bound) : null;

    /// <summary>Bound to every address means reachable at the loopback one.</summary>
    public static Uri Reachable(string bound)
    {
        var address = BindingAddress.Parse(bound);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }
}
