using Lianka.Platform.Data;
using Lianka.Platform.Http;

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
        return BoundAddress.Of(services)
            ?? throw new ChannelException($"The server is not listening yet; set '{Setting}' to use another gateway.");
    }
}
