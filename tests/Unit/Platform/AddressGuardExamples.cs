using System.Net;
using Lianka.Platform.Http;

namespace Lianka.Tests.Unit.Platform;

public sealed class AddressGuardExamples
{
    [Theory]
    [InlineData("1.1.1.1", true, true)]
    [InlineData("100.63.255.255", true, true)]
    [InlineData("172.15.0.1", true, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("2606:4700::1111", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("10.1.2.3", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("172.16.0.1", false, true)]
    [InlineData("172.31.255.255", false, true)]
    [InlineData("192.168.1.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("fd00::1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("64:ff9b::10.0.0.1", false, true)]
    [InlineData("2002:7f00:0001::1", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("64:ff9b::169.254.169.254", false, false)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("::", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("ff02::1", false, false)]
    public void Only_the_public_internet_unless_the_own_network_is_allowed(string address, bool usually, bool allowed)
    {
        AddressGuard.MayCall(IPAddress.Parse(address), allowsPrivate: false).ShouldBe(usually, address);
        AddressGuard.MayCall(IPAddress.Parse(address), allowsPrivate: true).ShouldBe(allowed, address);
    }

    [Theory]
    [InlineData("https://api.example.com/x", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("ftp://example.com", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://user:pw@example.com", false)]
    [InlineData("//example.com", false)]
    [InlineData("example.com", false)]
    [InlineData(null, false)]
    public void Web_addresses_only(string? text, bool expected) => GuardedHttp.IsWebAddress(text).ShouldBe(expected);
}
