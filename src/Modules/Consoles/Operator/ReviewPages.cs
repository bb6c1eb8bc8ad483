using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Words that no listed goods may carry.</summary>
[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class WordsPage(ForbiddenWords words) : ConsolePage
{
    public List<ForbiddenWord> All { get; private set; } = [];

    public static string Id(ForbiddenWord word) => PublicId.Encode(word.Id);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("违禁词", "Forbidden words");
        All = await words.ListAsync();
        Form = new Form(Language) { Submit = T("加进去", "Add it") }
            .Section("加一个词", "Add a word")
            .Text("word", "词", "Word", max: 40)
            .Hint("不分大小写、全角半角；字之间夹空格或看不见的字符也算。加上后，含这个词的在售商品会下架。",
                "Whatever its case and width, and with spaces or unseen characters between its letters. Listed goods that hold it go off.");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!Took(await words.AddAsync(Form["word"], Actor), out var added)) return Again();
        await RecordAsync("word.add", $"{added.Word.Word}; off: {string.Join(", ", added.TakenOff.Take(50))}");
        return added.TakenOff.Count == 0
            ? Done("/console/words", $"已加「{added.Word.Word}」", $"“{added.Word.Word}” added")
            : Done("/console/words", $"已加「{added.Word.Word}」，下架了 {string.Join("、", added.TakenOff.Take(20))}", $"“{added.Word.Word}” added; off now: {string.Join(", ", added.TakenOff.Take(20))}");
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? word)
    {
        if (!PublicId.TryDecode(word, out var id) || All.Find(w => w.Id == id) is not { } found || !await words.RemoveAsync(id)) return NotFound();
        await RecordAsync("word.remove", found.Word);
        return Done("/console/words", $"已删「{found.Word}」", $"“{found.Word}” removed");
    }
}

/// <summary>What suppliers want listed, until a person passes it.</summary>
[Needs(Permissions.CatalogSee)]
internal sealed class ProposalsPage(Proposals proposals, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("内容审核", "Content review");
        var parties = await names.PartiesAsync(Language);
        Table = Parts.Table.Of(await proposals.ListAsync(null), Title)
            .Column(T("商品", "Goods"), p => new Cell(Language.PickOr(p.Draft.NameZh, p.Draft.NameEn), $"/console/proposals/{PublicId.Encode(p.Id)}",
                p.Draft.Product is null ? T("新商品", "new goods") : T("改说明", "new texts")))
            .Column(T("供应商", "Supplier"), p => new Cell(parties(p.SupplierId.Value), $"/console/suppliers/{p.SupplierId}"))
            .Column(T("提交", "Sent"), p => When(p.CreatedAt))
            .Badge(T("状态", "State"), p => PartyWords.State(p.State, Language))
            .Column(T("谁审的", "By"), p => new Cell(p.DecidedBy.Length > 0 ? OrderWords.Actor(p.DecidedBy, Language) : "—", Sub: p.Reason.Length > 0 ? p.Reason : null))
            .Build();
        Table.Empty = new EmptyState(T("没有等审核的内容", "Nothing waits for review"), T("供应商提的新商品和说明会先到这里，通过后才上架。", "New goods and texts of suppliers wait here before they are listed."), Icon: "ok");
    }
}

[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class ProposalPage(Proposals proposals, Catalog.Catalog catalog, Names names) : ConsolePage
{
    public Proposal Proposal { get; private set; } = null!;

    /// <summary>Field by field: what stands there now (empty for new goods) and what is proposed.</summary>
    public List<(string Name, string Before, string After)> Texts { get; } = [];

    /// <summary>What is proposed, and what buyers see now; empty when the picture is to stay as it is.</summary>
    public List<(string Name, string Hash)> Pictures { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/proposals", T("内容审核", "Content review"));
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await proposals.FindAsync(id) is not { } proposal)
        {
            context.Result = NotFound();
            return;
        }

        Proposal = proposal;
        var (draft, now) = (proposal.Draft, proposal.Draft.Product is { } product ? await catalog.FindProductAsync(product) : null);
        Title = Language.PickOr(draft.NameZh, draft.NameEn);
        var category = await catalog.FindCategoryAsync(now?.CategoryId ?? draft.CategoryId);
        Texts.Add((T("供应商", "Supplier"), "", (await names.PartiesAsync(Language))(proposal.SupplierId.Value)));
        Texts.Add((T("分类", "Category"), "", category is null ? "—" : Language.PickOr(category.NameZh, category.NameEn)));
        Text("中文名", "Name in Chinese", now?.NameZh, draft.NameZh);
        Text("英文名", "Name in English", now?.NameEn, draft.NameEn);
        Text("中文介绍", "Description in Chinese", now?.DescriptionZh, draft.DescriptionZh);
        Text("英文介绍", "Description in English", now?.DescriptionEn, draft.DescriptionEn);
        Text("中文兑换步骤", "How to redeem, in Chinese", now?.RedeemZh, draft.RedeemZh);
        Text("英文兑换步骤", "How to redeem, in English", now?.RedeemEn, draft.RedeemEn);
        if (draft.Picture is { } proposed)
        {
            Pictures.Add((T("提的图片", "Proposed"), proposed));
            if (now?.Picture is { } seen && seen != proposed) Pictures.Add((T("现在的", "Now"), seen));
        }

        if (proposal.State == ProposalState.Waiting)
        {
            Form = new Form(Language) { Back = "/console/proposals", Submit = T("提交审核结果", "Decide") }
                .Choice("verdict", "结果", "Verdict", [new("pass", T("通过", "Pass")), new("refuse", T("不通过", "Refuse"))]).Beside()
                .Text("reason", "理由", "Reason", max: 200).Hint("供应商看得到", "The supplier reads it");
            if (draft.Product is null)
                Form.Text("slug", "网址名", "Slug", optional: true, max: 60)
                    .Hint("通过时要填：小写字母、数字和短横线。通过后商品是下架状态，补好规格再上架。", "Needed to pass it: small letters, digits and hyphens. It comes in off; give it SKUs, then list it.");
        }

        await next();

        void Text(string zh, string en, string? before, string after) => Texts.Add((T(zh, en), before ?? "", after));
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Up!.Value.Href, "已经审过了", "It was decided already");
        if (!await Form.ReadAsync(Request)) return Again();
        if (Form["verdict"] == "pass")
        {
            if (!Took(await proposals.PassAsync(Proposal.Id, Proposal.Draft.Product is null ? Form["slug"] : "", Form["reason"], Actor), out var saved)) return Again();
            await RecordAsync("proposal.pass", $"{PublicId.Encode(Proposal.Id)} {saved.Slug}{PictureOf()}: {Form["reason"]}");
            return Done($"/console/products/{saved.Id}", "已通过", "Passed");
        }

        if (!await proposals.RefuseAsync(Proposal.Id, Form["reason"], Actor)) return NotDone(Up!.Value.Href, "已经审过了", "It was decided already");
        await RecordAsync("proposal.refuse", $"{PublicId.Encode(Proposal.Id)}{PictureOf()}: {Form["reason"]}");
        return Done("/console/proposals", "已退回给供应商", "Refused; the supplier sees why");
    }

    private string PictureOf() => Proposal.Draft.Picture is { } hash ? $" picture {hash}" : "";
}
