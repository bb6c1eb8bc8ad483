namespace Lianka.ChannelSimulator;

/// <summary>How a simulated channel behaves. Shares are in basis points; which calls they meet, the seed, the number and the count of calls decide.</summary>
internal sealed record Behaviour
{
    /// <summary>Does what it was asked and then says nothing for <see cref="HangMs"/>.</summary>
    public int HangBps { get; init; }

    /// <summary>Does it and hangs up.</summary>
    public int AbortBps { get; init; }

    /// <summary>Does it and answers 502.</summary>
    public int ErrorBps { get; init; }

    /// <summary>Does it and answers a page of HTML with status 200.</summary>
    public int HtmlBps { get; init; }

    /// <summary>Does it and answers with a signature that is wrong.</summary>
    public int ForgedAnswerBps { get; init; }

    /// <summary>Answers 503 and does nothing.</summary>
    public int DownBps { get; init; }

    /// <summary>The calls that the shares above are for (<c>create</c>, <c>query</c>, <c>close</c>, <c>refund</c>, <c>refund-query</c>, <c>statement</c>); empty: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
    public int HangMs { get; init; } = 30_000;

    /// <summary>Before every answer.</summary>
    public int DelayMs { get; init; }
    public int RefuseCreateBps { get; init; }

    /// <summary>Trades that a buyer pays without anybody pressing, <see cref="AutoPayMs"/> after they were opened.</summary>
    public int AutoPayBps { get; init; }
    public int AutoPayMs { get; init; } = 50;

    /// <summary>Trades that are paid, and whose notice is sent and answered, before the create call is answered.</summary>
    public int NoticeFirstBps { get; init; }
    public bool SendsNotices { get; init; } = true;
    public int DropNoticeBps { get; init; }

    /// <summary>How often each notice is sent, all at once, whatever is answered.</summary>
    public int NoticeCopies { get; init; } = 1;
    public int NoticeDelayMs { get; init; }

    /// <summary>A notice that is not thanked for is sent again, so often in all, so long after.</summary>
    public int NoticeAttempts { get; init; } = 4;
    public int NoticeRetryMs { get; init; } = 1_000;

    /// <summary>A refund is under way for so long; 0: it is done at once.</summary>
    public int RefundPendingMs { get; init; }

    /// <summary>Refunds that fail after they were under way.</summary>
    public int RefundFailBps { get; init; }

    /// <summary>So many lines are missing at the end of a statement.</summary>
    public int StatementMissing { get; init; }

    /// <summary>So many lines at the beginning say one fen more.</summary>
    public int StatementFenOff { get; init; }

    /// <summary>What the channel keeps of a payment, rounded to a fen, a half up.</summary>
    public int FeeBps { get; init; } = 60;

    /// <summary>WeChat Pay only: signs with its public key and no longer with a platform certificate.</summary>
    public bool UsesPublicKey { get; init; }
}
