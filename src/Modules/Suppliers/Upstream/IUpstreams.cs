namespace Lianka.Modules.Suppliers;

/// <summary>The suppliers' systems by their connections, as far as buying needs them.</summary>
public interface IUpstreams
{
    /// <returns>The system behind a connection; null when there is no such connection.</returns>
    Task<IUpstream?> OpenAsync(long id, CancellationToken cancel = default);

    /// <returns>The connection whose notices come to this address; null when there is none.</returns>
    Task<long?> OfNoticeKeyAsync(string noticeKey, CancellationToken cancel = default);
}
