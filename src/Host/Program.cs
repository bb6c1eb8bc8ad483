using Lianka.Host;
using Lianka.Platform;

var builder = WebApplication.CreateSlimBuilder(args);
var settings = Settings.Read(builder.Configuration, Console.Error.WriteLine);
var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
builder.Services.AddLianka(settings, database, vault);
builder.WebHost.UseUrls(settings.Urls);
await using var app = builder.Build();
await app.RunAsync();
