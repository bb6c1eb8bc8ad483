using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Suppliers;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>GET /supplier/standing: what stops the supplier, its deposit beside its cover, its certificates, its grade and what that came from.</summary>
internal sealed class ReadStanding(Standings standings, TimeProvider clock)
{
    public async Task RunAsync(ApiCall call)
    {
        var standing = await standings.FindAsync(call.Supplier, call.Http.RequestAborted)
            ?? throw new InvalidOperationException($"{call.Supplier} has a key but is no supplier.");
        await JsonAnswer.OkAsync(call.Http, (standing, clock.GetUtcNow(), call.IsChinese), Write);
    }

    private static void Write(Utf8JsonWriter json, (Standing Standing, DateTimeOffset Now, bool IsChinese) answer)
    {
        var (standing, now, isChinese) = answer;
        json.WriteStartObject();
        json.WriteStartArray("stops"u8);
        foreach (var stop in standing.Stops)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, stop.Reason);
            json.WriteString("detail"u8, SupplierWords.Why(stop.Reason, isChinese));
            json.WriteMoment("since"u8, stop.Since);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("brands_missing"u8);
        foreach (var brand in standing.Unpermitted) WriteBrand(json, brand);
        json.WriteEndArray();
        WriteDeposit(json, standing);
        json.WriteStartArray("certificates"u8);
        foreach (var certificate in standing.Certificates) WriteCertificate(json, certificate, standing, now);
        json.WriteEndArray();
        if (standing.Grade is { } grade) WriteGrade(json, grade);
        else json.WriteNull("grade"u8);
        json.WriteEndObject();
    }

    private static void WriteDeposit(Utf8JsonWriter json, Standing standing)
    {
        var cover = standing.Cover;
        json.WriteStartObject("deposit"u8);
        json.WriteString("currency"u8, Currency.Cny.Code);
        json.WriteString("balance"u8, cover.Deposit.ToString());
        json.WriteString("required"u8, cover.Required.ToString());
        json.WriteString("missing"u8, cover.Missing.ToString());
        json.WriteString("categories"u8, cover.Categories.ToString());
        json.WriteString("turnover_30_days"u8, cover.Turnover.ToString());
        json.WriteNumber("turnover_bps"u8, standing.TurnoverBps);
        json.WriteEndObject();
    }

    private static void WriteCertificate(Utf8JsonWriter json, Certificate certificate, Standing standing, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, PublicId.Encode(certificate.Id));
        json.WriteString("kind"u8, certificate.BrandId is null ? "licence"u8 : "authorisation"u8);
        if (certificate.BrandId is { } brand && standing.Brands.TryGetValue(brand, out var named))
        {
            json.WritePropertyName("brand"u8);
            WriteBrand(json, named);
        }

        json.WriteString("state"u8, certificate.State switch { ReviewState.Approved => "approved"u8, ReviewState.Refused => "refused"u8, _ => "waiting"u8 });
        if (certificate.Reason.Length > 0) json.WriteString("reason"u8, certificate.Reason);
        json.WriteMoment("valid_from"u8, certificate.ValidFrom);
        if (certificate.ValidTo is { } end)
        {
            json.WriteMoment("valid_to"u8, end);
            // Whole days that are left, rounded down; 0 on the last day and ever after.
            json.WriteNumber("days_left"u8, end > now ? (end - now).Days : 0);
        }

        json.WriteBoolean("valid"u8, certificate.State == ReviewState.Approved && certificate.ValidFrom <= now && !(certificate.ValidTo <= now));
        json.WriteEndObject();
    }

    private static void WriteGrade(Utf8JsonWriter json, SupplierGrade grade)
    {
        json.WriteStartObject("grade"u8);
        json.WriteString("grade"u8, grade.Grade);
        json.WriteNumber("score"u8, grade.Score);
        json.WriteDay("day"u8, DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(grade.Day)));
        json.WriteStartArray("parts"u8);
        foreach (var part in grade.Parts)
        {
            json.WriteStartObject();
            json.WriteString("part"u8, SupplierWords.Of(part.Kind));
            json.WriteNumber("weight"u8, part.Weight);
            json.WriteMaybe("points"u8, part.Points);
            json.WriteNumber("wrong"u8, part.Wrong);
            json.WriteNumber("of"u8, part.Of);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBrand(Utf8JsonWriter json, Catalog.Brand brand)
    {
        json.WriteStartObject();
        json.WriteString("brand"u8, brand.Slug);
        json.WriteNames("name"u8, brand.NameZh, brand.NameEn);
        json.WriteEndObject();
    }
}
