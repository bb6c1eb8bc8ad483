namespace Lianka.Modules.Payments;

/// <summary>What a payer holds in the hand, by what the browser says of itself; a wrong guess still pays, only less conveniently.</summary>
public static class Devices
{
    public static PayDevices Of(string userAgent) =>
        userAgent.Contains("Mobi", StringComparison.OrdinalIgnoreCase) || userAgent.Contains("Android", StringComparison.OrdinalIgnoreCase) ? PayDevices.Phone : PayDevices.Desktop;
}
