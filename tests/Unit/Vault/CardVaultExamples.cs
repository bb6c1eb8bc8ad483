using Lianka.Vault;

namespace Lianka.Tests.Unit.Vault;

public sealed class CardVaultExamples
{
    private const string Secret = "ABCDE-12345-中文";

    private static readonly byte[] _master = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void What_was_sealed_opens_in_its_own_place_only()
    {
        using var vault = NewVault(1);
        var bytes = vault.Seal(Secret, "card:1:7");
        vault.Open(bytes, "card:1:7").ShouldBe(Secret);
        Should.Throw<SealBrokenException>(() => vault.Open(bytes, "card:1:8"));
    }

    [Fact]
    public void The_sealed_form_is_version_key_id_nonce_text_and_tag()
    {
        using var vault = NewVault(3);
        var bytes = vault.Seal("ab", "x");
        bytes.Length.ShouldBe(1 + 4 + 12 + 2 + 16);
        bytes[..5].ShouldBe([1, 0, 0, 0, 3]);
    }

    [Fact]
    public void The_same_secret_is_sealed_differently_each_time()
    {
        using var vault = NewVault(1);
        vault.Seal(Secret, "x").ShouldNotBe(vault.Seal(Secret, "x"));
    }

    [Fact]
    public void Any_changed_bit_is_noticed()
    {
        using var vault = NewVault(1);
        var bytes = vault.Seal(Secret, "x");
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            Should.Throw<SealBrokenException>(() => vault.Open(changed, "x"), $"byte {i}");
        }

        for (var length = 0; length < bytes.Length; length++)
            Should.Throw<SealBrokenException>(() => vault.Open(bytes.AsSpan(0, length), "x"), $"length {length}");
    }

    [Fact]
    public void After_a_rotation_the_newest_key_seals_and_older_ones_still_open()
    {
        var (first, second) = (CardVault.NewKey(_master, 1), CardVault.NewKey(_master, 2));
        using var before = new CardVault(_master, [first]);
        using var after = new CardVault(_master, [first, second]);
        var old = before.Seal(Secret, "x");
        after.Open(old, "x").ShouldBe(Secret);
        var young = after.Seal(Secret, "x");
        young[4].ShouldBe((byte)2);
        Should.Throw<SealBrokenException>(() => before.Open(young, "x"));
    }

    [Fact]
    public void Another_master_key_opens_nothing()
    {
        var key = CardVault.NewKey(_master, 1);
        Should.Throw<SealBrokenException>(() => new CardVault([.. _master.Select(b => (byte)(b ^ 0xff))], [key]));
        // The number of a key is part of what is authenticated: one key cannot be passed off as another.
        Should.Throw<SealBrokenException>(() => new CardVault(_master, [key with { Id = 2 }]));
    }

    [Fact]
    public void A_fingerprint_is_equal_for_equal_secrets_of_one_scope_only()
    {
        using var vault = NewVault(1);
        using var restarted = NewVault(9);
        vault.Fingerprint(Secret, "sku:1").ShouldBe(restarted.Fingerprint(Secret, "sku:1"));
        vault.Fingerprint(Secret, "sku:1").ShouldNotBe(vault.Fingerprint(Secret, "sku:2"));
        vault.Fingerprint(Secret, "sku:1").ShouldNotBe(vault.Fingerprint(Secret + " ", "sku:1"));
        vault.Fingerprint(Secret, "sku:1").Length.ShouldBe(16);

        using var other = new CardVault([.. _master.Select(b => (byte)(b ^ 1))], [CardVault.NewKey([.. _master.Select(b => (byte)(b ^ 1))], 1)]);
        other.Fingerprint(Secret, "sku:1").ShouldNotBe(vault.Fingerprint(Secret, "sku:1"));
    }

    [Fact]
    public void In_bulk_the_results_are_the_same()
    {
        using var vault = NewVault(2);
        using var bulk = vault.Bulk();
        var nonces = new HashSet<string>();
        for (var i = 0; i < 3_000; i++)
        {
            var plain = System.Text.Encoding.UTF8.GetBytes($"{Secret}{i}");
            var bytes = new byte[plain.Length + CardVault.SealSize];
            bulk.Seal(plain, "x", bytes);
            vault.Open(bytes, "x").ShouldBe($"{Secret}{i}");
            nonces.Add(Convert.ToHexString(bytes.AsSpan(5, 12))).ShouldBeTrue("a nonce came twice");
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(vault.Fingerprint($"{Secret}{i}", "sku:1"))
                .ShouldBe(bulk.Fingerprint($"{Secret}{i}", "sku:1"));
        }
    }

    [Fact]
    public void A_running_vault_learns_a_key_before_it_seals_with_it()
    {
        var (first, second) = (CardVault.NewKey(_master, 1), CardVault.NewKey(_master, 2));
        using var vault = new CardVault(_master, [first]);
        using var other = new CardVault(_master, [first, second]);
        var young = other.Seal(Secret, "x");
        vault.Learn([first, second], 1);
        vault.Open(young, "x").ShouldBe(Secret);
        vault.Seal(Secret, "x")[4].ShouldBe((byte)1);
        vault.Learn([first, second], 2);
        vault.Seal(Secret, "x")[4].ShouldBe((byte)2);
        Should.Throw<ArgumentOutOfRangeException>(() => vault.Learn([first], 2));
        vault.Seal(Secret, "x")[4].ShouldBe((byte)2);
    }

    private static CardVault NewVault(int keyId) => new(_master, [CardVault.NewKey(_master, keyId)]);
}
