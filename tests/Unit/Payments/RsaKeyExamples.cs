using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;

namespace Lianka.Tests.Unit.Payments;

public sealed class RsaKeyExamples
{
    private static readonly RSA _rsa = RSA.Create(2048);
    private static readonly byte[] _data = Encoding.UTF8.GetBytes("待签名 data\n");

    public static TheoryData<string> PrivateForms => [
        _rsa.ExportPkcs8PrivateKeyPem(), _rsa.ExportRSAPrivateKeyPem(), _rsa.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\r\n") + "\r\n",
        Convert.ToBase64String(_rsa.ExportPkcs8PrivateKey()), Convert.ToBase64String(_rsa.ExportRSAPrivateKey())];

    public static TheoryData<string> PublicForms => [
        _rsa.ExportSubjectPublicKeyInfoPem(), _rsa.ExportRSAPublicKeyPem(), Convert.ToBase64String(_rsa.ExportSubjectPublicKeyInfo()), Certificate()];

    [Theory, MemberData(nameof(PrivateForms))]
    public void A_private_key_is_read_in_every_form_that_channels_hand_out(string text) =>
        _rsa.VerifyData(_data, RsaKey.Private(text)!.Sign(_data), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();

    [Theory, MemberData(nameof(PublicForms))]
    public void A_public_key_is_read_in_every_form_that_channels_hand_out(string text) =>
        RsaKey.Public(text)!.Verify(_data, Convert.ToBase64String(_rsa.SignData(_data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))).ShouldBeTrue();

    [Fact]
    public void Any_byte_changed_makes_a_signature_wrong()
    {
        var key = RsaKey.Public(_rsa.ExportSubjectPublicKeyInfoPem())!;
        var signature = _rsa.SignData(_data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        for (var i = 0; i < _data.Length; i++)
        {
            var other = _data.ToArray();
            other[i] ^= 0x20;
            key.Verify(other, Convert.ToBase64String(signature)).ShouldBeFalse();
        }

        for (var i = 0; i < signature.Length; i += 5)
        {
            var other = signature.ToArray();
            other[i] ^= 1;
            key.Verify(_data, Convert.ToBase64String(other)).ShouldBeFalse();
        }

        foreach (var text in (string[])["", "=", "not base64!", new string('A', 2000), "AAAA"]) key.Verify(_data, text).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    public void What_is_no_key_is_refused(string text)
    {
        RsaKey.Private(text).ShouldBeNull();
        RsaKey.Public(text).ShouldBeNull();
    }

    [Fact]
    public void Short_keys_and_keys_in_the_wrong_field_are_refused_in_words()
    {
        using var small = RSA.Create(1024);
        Errors(small.ExportPkcs8PrivateKeyPem(), isPrivate: true).ShouldBe(["weak_key"]);
        Errors(_rsa.ExportSubjectPublicKeyInfoPem(), isPrivate: true).ShouldBe(["bad_key"]);
        Errors(_rsa.ExportPkcs8PrivateKeyPem(), isPrivate: false).ShouldBe(["bad_key"], "A private key must not lie in a field that is shown.");
        Errors(_rsa.ExportPkcs8PrivateKeyPem(), isPrivate: true).ShouldBeEmpty();

        static string[] Errors(string text, bool isPrivate)
        {
            var check = new FieldCheck();
            RsaKey.Check(check, "key", text, isPrivate);
            return [.. check.Errors.Select(e => e.Code)];
        }
    }

    private static string Certificate()
    {
        var request = new CertificateRequest("CN=channel", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        return certificate.ExportCertificatePem();
    }
}
