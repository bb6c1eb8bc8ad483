using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>A reason why goods are off, and what to do about it.</summary>
internal sealed record StopLine(string Title, string Since, string WhatToDo);

/// <summary>How a supplier stands: what is off and why, its deposit, its certificates, what it was told.</summary>
internal abstract class StandingPage(Standings standings) : ConsolePage
{
    public List<StopLine> Stops { get; } = [];
    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public Table Told { get; private set; } = null!;

    /// <summary>The grade of the last day; null: too little to judge by.</summary>
    public SupplierGrade? Grade { get; private set; }
    public bool IsSuspended { get; private set; }

    /// <summary>What the score is made of.</summary>
    public Table? Parts { get; private set; }

    /// <summary>The last appeal; null: none yet.</summary>
    public Appeal? Appeal { get; private set; }

    protected abstract string CertificateUrl(Certificate certificate);

    protected async Task LoadAsync(SupplierId supplier)
    {
        var standing = (await standings.FindAsync(supplier))!;
        var (cover, brands, papers) = (standing.Cover, standing.Brands, standing.Certificates);
        (Grade, IsSuspended, Appeal) = (standing.Grade, standing.IsSuspended, standing.Appeal);
        if (Grade is { } grade)
            Parts = Consoles.Parts.Table.Of(grade.Parts, T("评分明细", "What the score is made of"))
                .Column(T("项目", "Part"), p => PartyWords.Part(p.Kind, Language))
                .Column(T("近 30 天", "In 30 days"), p => PartyWords.Figure(p, Language))
                .Column(T("得分", "Points"), p => p.Points is { } points ? Show.Number(points) : T("太少，不计", "too few to count"))
                .Number(T("权重", "Weight"), p => p.Weight)
                .Build();
        foreach (var stop in standing.Stops)
        {
            var (text, whatToDo) = PartyWords.Stop(stop.Reason, Language);
            Stops.Add(new StopLine(T($"全部停售：{text}", $"Everything is off: {text}"), Show.Exact(stop.Since), whatToDo));
        }

        foreach (var brand in standing.Unpermitted)
            Stops.Add(new StopLine(T($"{brand.NameZh} 的商品停售：没有有效的品牌授权", $"Goods of {brand.NameEn} are off: no valid authorisation"), "",
                T("上传品牌授权书，审核通过后自动恢复。", "Send the brand's authorisation; once it is approved, they are offered again by themselves.")));

        foreach (var product in standing.Closed)
            Stops.Add(new StopLine(T($"{product.NameZh} 停售：按合同由另一家独家供应", $"{product.NameEn} is off: by contract another supplier supplies it alone"), "",
                T("可以把自己的这个货源停用。", "You may switch your supply of it off.")));

        Figures.Add((T("保证金", "Deposit") + " CNY", Show.Money(cover.Deposit), cover.IsShort ? T($"还差 {Show.Money(cover.Missing)}", $"{Show.Money(cover.Missing)} missing") : T("够", "enough")));
        Figures.Add((T("要求不低于", "Required at least") + " CNY", Show.Money(cover.Required), T("下面两项取大", "the larger of the next two")));
        Figures.Add((T("在售分类合计", "Sum of its categories") + " CNY", Show.Money(cover.Categories), ""));
        Figures.Add((T("近 30 天结算额", "Settled in 30 days") + " CNY", Show.Money(cover.Turnover), T($"按 {Show.Percent(standing.TurnoverBps)} 计", $"{Show.Percent(standing.TurnoverBps)} of it counts")));

        Table = CertificateTables.Of(this, papers, brands, CertificateUrl);
        var byId = papers.ToDictionary(p => p.Id);
        Told = Consoles.Parts.Table.Of(standing.Notices, T("通知", "Notices"))
            .Column(T("时间", "When"), n => When(n.At))
            .Column(T("内容", "What"), n => new Cell(PartyWords.Notice(n, Language), Sub: byId.TryGetValue(n.Subject, out var c) ? PartyWords.Kind(c, brands, Language) : null))
            .Build();
        Told.Empty = new EmptyState(T("没有通知", "No notices"), T("证件快到期、保证金不足时会在这里说一次。", "When a certificate nears its end or the deposit falls short, it is said here, once."), Icon: "bell");
    }
}
