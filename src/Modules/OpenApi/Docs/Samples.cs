namespace Lianka.Modules.OpenApi.Docs;

/// <summary>The programs shown in the quick start; {BASE} stands for the address of this installation.</summary>
public static class Samples
{
    public const string VectorText = """
        LK1
        POST
        /api/v1/orders

        1767225600
        nonce-0123456789abcdef
        8115b2b3c87ff63133271fa5854450d3a5388f4720a0e74c1112ada410c3571a
        """;

    public const string Shell = """
        BASE={BASE}
        KEY=lk_live_...
        SECRET=...

        BODY='{"client_order_no":"A-001","sku":"steam-50","quantity":1,"max_total":"50.0000"}'
        TIMESTAMP=$(date +%s)
        NONCE=$(openssl rand -hex 16)
        HASH=$(printf %s "$BODY" | openssl dgst -sha256 -r | cut -d' ' -f1)
        TEXT=$(printf 'LK1\nPOST\n/api/v1/orders\n\n%s\n%s\n%s' "$TIMESTAMP" "$NONCE" "$HASH")
        SIGNATURE=v1=$(printf %s "$TEXT" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)

        curl "$BASE/api/v1/orders" --data-raw "$BODY" \
          -H "Content-Type: application/json" \
          -H "Lianka-Key: $KEY" -H "Lianka-Timestamp: $TIMESTAMP" \
          -H "Lianka-Nonce: $NONCE" -H "Lianka-Signature: $SIGNATURE"
        """;

    public const string Python = """
        import hashlib, hmac, json, secrets, time, urllib.parse, urllib.request

        BASE, KEY, SECRET = "{BASE}", "lk_live_...", "..."

        def call(method, path, query=None, body=None):
            raw = b"" if body is None else json.dumps(body).encode()
            quote = lambda text: urllib.parse.quote(str(text), safe="-._~")
            sorted_query = "&".join(f"{quote(n)}={quote(v)}" for n, v in sorted((query or {}).items()))
            stamp, nonce = str(int(time.time())), secrets.token_hex(16)
            text = "\n".join(["LK1", method, path, sorted_query, stamp, nonce, hashlib.sha256(raw).hexdigest()])
            signature = "v1=" + hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
            request = urllib.request.Request(
                BASE + path + ("?" + sorted_query if sorted_query else ""), method=method, data=raw or None,
                headers={"Content-Type": "application/json", "Lianka-Key": KEY, "Lianka-Timestamp": stamp,
                         "Lianka-Nonce": nonce, "Lianka-Signature": signature})
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)

        print(call("GET", "/api/v1/account"))
        print(call("POST", "/api/v1/orders", body={
            "client_order_no": "A-001", "sku": "steam-50", "quantity": 1, "max_total": "50.0000"}))
        """;

    public const string CSharp = """
        using System.Net.Http.Json;
        using System.Security.Cryptography;
        using System.Text;

        var (key, secret) = ("lk_live_...", "...");
        using var http = new HttpClient { BaseAddress = new Uri("{BASE}") };

        async Task<string> CallAsync(HttpMethod method, string path, string sortedQuery, string body)
        {
            var raw = Encoding.UTF8.GetBytes(body);
            var stamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
            var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var text = string.Join('\n', "LK1", method.Method, path, sortedQuery, stamp, nonce,
                Convert.ToHexStringLower(SHA256.HashData(raw)));
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
            using var request = new HttpRequestMessage(method, sortedQuery == "" ? path : $"{path}?{sortedQuery}");
            request.Headers.Add("Lianka-Key", key);
            request.Headers.Add("Lianka-Timestamp", stamp);
            request.Headers.Add("Lianka-Nonce", nonce);
            request.Headers.Add("Lianka-Signature", "v1=" + Convert.ToHexStringLower(mac));
            if (body != "") request.Content = new ByteArrayContent(raw) { Headers = { ContentType = new("application/json") } };
            using var answer = await http.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }

        Console.WriteLine(await CallAsync(HttpMethod.Get, "/api/v1/account", "", ""));
        Console.WriteLine(await CallAsync(HttpMethod.Post, "/api/v1/orders", "",
            "{\"client_order_no\":\"A-001\",\"sku\":\"steam-50\",\"quantity\":1,\"max_total\":\"50.0000\"}"));
        """;
}
