using Lianka.Kernel;
using Lianka.Modules.Agents.Core;

namespace Lianka.Tests.Unit.Agents;

/// <summary>Where a newcomer may stand, and what it is called in addresses.</summary>
public sealed class InvitationExamples
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    [InlineData(2, 3, true)]
    public void A_newcomer_stands_below_who_invites(int own, int offered, bool isFine) => (InvitationRules.Level(own, offered) is null).ShouldBe(isFine);

    [Theory]
    [InlineData("Li.Lei@example.com", "li-lei-example-com-")]
    [InlineData("...", "")]
    [InlineData("a", "a-")]
    public void A_log_in_becomes_an_address(string login, string begins)
    {
        var slug = InvitationRules.Slug(login, new MerchantId(77));
        slug.ShouldStartWith(begins);
        slug.ShouldMatch("^[a-z0-9][a-z0-9-]*[a-z0-9]$");
        slug.Length.ShouldBe(begins.Length + 6);
        InvitationRules.Slug(login, new MerchantId(78)).ShouldNotBe(slug);
    }

    [Fact]
    public void A_long_log_in_still_fits()
    {
        var check = new FieldCheck();
        check.Slug("slug", InvitationRules.Slug(new string('x', 64), new MerchantId(5)));
        check.Errors.ShouldBeEmpty();
    }
}
