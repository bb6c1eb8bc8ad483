using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.App;
using Lianka.Modules.Consoles.Files;
using Lianka.Modules.Consoles.Merchant;
using Lianka.Modules.Consoles.Operator;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lianka.Modules.Consoles;

/// <summary>The pages of operator, merchant and supplier, and the people who log in to them.</summary>
public static class ConsolesModule
{
    public static IServiceCollection AddConsoles(this IServiceCollection services)
    {
        services.AddSingleton<People>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<Staff>();
        services.AddSingleton<FirstSetup>();
        services.AddSingleton<Audit>();
        services.AddSingleton<Exports>();
        services.AddSingleton(Exports.Sealed);
        return services;
    }

    /// <summary>Cookies, policies and pages; needed only where HTTP is served.</summary>
    public static IServiceCollection AddConsolePages(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("lianka");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, UseDatabaseKeys>();
        services.AddAuthentication().AddCookie(SessionCookie.Scheme, SessionCookie.Configure);
        services.AddAuthorization(options =>
        {
            foreach (var role in (string[])[Roles.Operator, Roles.Merchant, Roles.Supplier])
            {
                options.AddPolicy(role, p => p.AddAuthenticationSchemes(SessionCookie.Scheme).RequireAuthenticatedUser().RequireRole(role));
            }

            options.AddPolicy("any", p => p.AddAuthenticationSchemes(SessionCookie.Scheme).RequireAuthenticatedUser());
        });
        services.Configure<RazorPagesOptions>(options =>
        {
            // A page's folder decides who may open it: a new page cannot forget its policy.
            options.Conventions.AuthorizeFolder("/Consoles/Operator", Roles.Operator);
            options.Conventions.AuthorizeFolder("/Consoles/Merchant", Roles.Merchant);
            options.Conventions.AuthorizeFolder("/Consoles/Supplier", Roles.Supplier);
            options.Conventions.AuthorizeFolder("/Consoles/Everyone", "any");
            // And each page names its permissions.
            foreach (var folder in (string[])["/Consoles/Operator", "/Consoles/Merchant", "/Consoles/Supplier"])
                options.Conventions.AddFolderApplicationModelConvention(folder, NeedsFilter.Add);
            foreach (var page in NeedsFilter.Elsewhere.Keys) options.Conventions.AddPageApplicationModelConvention(page, NeedsFilter.Add);
        });
        services.Configure<RazorViewEngineOptions>(options => options.PageViewLocationFormats.Add("/Consoles/Parts/{0}.cshtml"));
        services.AddSingleton<Passkeys>();
        services.AddSingleton<LogInGate>();
        services.AddSingleton<ApplyGate>();
        services.AddSingleton<JoinGate>();
        services.AddSingleton<Names>();
        services.AddSingleton<SoughtGoods>();
        services.AddSingleton<ApplicationFiles>();
        services.AddSingleton<SavedViews>();
        services.AddSingleton<Attention>();
        services.AddSingleton<Finder>().AddSingleton<TailGate>();
        services.AddSingleton(s => new PageNeeds(s.GetRequiredService<IActionDescriptorCollectionProvider>(), s.GetRequiredService<ApplicationPartManager>(), s.GetRequiredService<RowDeeds>()));
        services.AddSingleton<ListingSteps>();
        services.AddSingleton<RepricingSteps>();
        services.AddSingleton<GoodsSteps>().AddSingleton<UploadGate>();
        services.AddSingleton<PageReader>();
        services.AddSingleton<ExportSteps>();
        services.AddSingleton<TenantDeeds>().AddSingleton<RowDeeds>();
        services.AddHostedService<ListingWork>();
        services.AddHostedService<ExportWork>();
        return services;
    }

    public static void MapConsoles(this IEndpointRouteBuilder routes) => ApplicationEndpoints.Map(routes);
}
