using System.Globalization;
using Lianka.Kernel;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Consoles.Parts;

public enum FieldKind { Text, Area, Code, Money, Whole, Choice, Check, Password, SecretArea, Moment, Day, File, Colour }

/// <param name="Drawing">A symbol of icons.svg that shows what is chosen; with drawings all options stand beside each other.</param>
public sealed record Option(string Value, string Label, string? Drawing = null);

/// <summary>One question of a form. What was typed stays in it when the form comes back with problems.</summary>
public sealed class Field(string name, string label, FieldKind kind)
{
    public string Name => name;
    public string Label => label;
    public FieldKind Kind => kind;
    public string Value { get; set; } = "";
    public string? Problem { get; set; }
    public string? Hint { get; set; }
    public string? Unit { get; init; }
    public string? Heading { get; set; }
    public bool IsOptional { get; init; }

    /// <summary>Stands beside the field after it on wide screens.</summary>
    public bool IsLeft { get; set; }
    public int LengthMax { get; init; } = 200;
    public string? Autocomplete { get; init; }
    public IReadOnlyList<Option> Options { get; init; } = [];
    public string Id => "f-" + name;
}

/// <summary>A form as a list of questions in the viewer's language: read, checked and shown in one way everywhere.</summary>
/// <remarks>Checks here are about shape (is it there, is it a number). What a module refuses comes in by <see cref="Take"/>.</remarks>
public sealed class Form(Language language)
{
    private readonly List<Field> _fields = [];
    private readonly Dictionary<string, Field> _byName = [];
    private readonly List<string> _general = [];

    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>Problems that belong to no field.</summary>
    public IReadOnlyList<string> General => _general;
    public string Submit { get; set; } = language.Pick("保存", "Save");
    public string? Back { get; set; }
    public bool IsDanger { get; set; }

    /// <summary>One press of the button: a form sent twice carries the same one, and is done once.</summary>
    public string? Once { get; private set; }
    public bool HasFile => _fields.Exists(f => f.Kind == FieldKind.File);
    public bool IsFine => _general.Count == 0 && !_fields.Exists(f => f.Problem is not null);
    public int ProblemCount => _general.Count + _fields.Count(f => f.Problem is not null);
    public Language Language => language;

    /// <summary>What was looked for among more than a choice can hold, in a small form of its own above; null: every choice is whole.</summary>
    public string? Words { get; private set; }

    public string this[string name] => _byName[name].Value;

    public Field Field(string name) => _byName[name];

    /// <summary>It is asked for here.</summary>
    public bool Has(string name) => _byName.ContainsKey(name);

    public Form Text(string name, string zh, string en, bool optional = false, int max = 200, string? autocomplete = null) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Text) { IsOptional = optional, LengthMax = max, Autocomplete = autocomplete });

    public Form Area(string name, string zh, string en, bool optional = true, int max = 4000) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Area) { IsOptional = optional, LengthMax = max });

    /// <summary>Text of a fixed width for those who write configurations.</summary>
    public Form Code(string name, string zh, string en, int max) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Code) { LengthMax = max });

    public Form Money(string name, string zh, string en, bool optional = false, string unit = "CNY") =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Money) { IsOptional = optional, LengthMax = 24, Unit = unit });

    public Form Whole(string name, string zh, string en, bool optional = false, string? unit = null) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Whole) { IsOptional = optional, LengthMax = 19, Unit = unit });

    public Form Choice(string name, string zh, string en, IEnumerable<Option> options, bool optional = false) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Choice) { IsOptional = optional, Options = [.. options] });

    public Form Check(string name, string zh, string en) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Check) { IsOptional = true });

    public Form Password(string name, string zh, string en, string autocomplete = "new-password", bool optional = false) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Password) { Autocomplete = autocomplete, IsOptional = optional });

    /// <summary>A secret of several lines, such as a private key: typed, never shown again.</summary>
    public Form SecretArea(string name, string zh, string en, bool optional = false) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.SecretArea) { IsOptional = optional, LengthMax = 20_000 });

    public Form Moment(string name, string zh, string en, bool optional = false) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Moment) { IsOptional = optional });

    public Form Day(string name, string zh, string en, bool optional = false) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.Day) { IsOptional = optional, LengthMax = 10 });

    public Form File(string name, string zh, string en, bool optional = true) =>
        Add(new Field(name, language.Pick(zh, en), FieldKind.File) { IsOptional = optional });

    public Form Colour(string name, string zh, string en) => Add(new Field(name, language.Pick(zh, en), FieldKind.Colour) { LengthMax = 7 });

    /// <summary>The next field begins a group of its own.</summary>
    public Form Section(string zh, string en)
    {
        _heading = language.Pick(zh, en);
        return this;
    }

    /// <summary>A hint below the field added last.</summary>
    public Form Hint(string zh, string en)
    {
        _fields[^1].Hint = language.Pick(zh, en);
        return this;
    }

    /// <summary>The choice added last may be a part of what there is: then the others are found by words.</summary>
    /// <param name="words">Null: it is whole.</param>
    public Form Among(string? words)
    {
        Words = words;
        return words is null ? this : Hint("不止这些，没看到的在上面查找", "There are more: find them above");
    }

    /// <summary>The field added last and the next one stand side by side.</summary>
    public Form Beside()
    {
        _fields[^1].IsLeft = true;
        return this;
    }

    public Form Fill(string name, string? value)
    {
        _byName[name].Value = value ?? "";
        return this;
    }

    public Form OnlyOnce()
    {
        Once = Guid.NewGuid().ToString("N");
        return this;
    }

    private string? _heading;

    private Form Add(Field field)
    {
        field.Heading = _heading;
        _heading = null;
        _fields.Add(field);
        _byName.Add(field.Name, field);
        return this;
    }

    /// <summary>Takes what was typed and checks its shape.</summary>
    /// <returns>True when every question is answered usably.</returns>
    public async Task<bool> ReadAsync(HttpRequest request)
    {
        var posted = await request.ReadFormAsync();
        foreach (var field in _fields.Where(f => f.Kind != FieldKind.File))
        {
            field.Value = Clean(field, posted[field.Name].ToString());
            field.Problem = ShapeProblem(field);
        }

        // With the others, and not after all of them are right: who has to send the form again has to choose the file again.
        foreach (var field in _fields.Where(f => f.Kind == FieldKind.File))
            field.Problem = posted.Files[field.Name] switch
            {
                { Length: > 0 } => null,
                null => field.IsOptional ? null : language.Pick("请选择文件", "Choose a file"),
                _ => language.Pick("这个文件是空的，请换一个", "This file is empty: choose another"),
            };

        if (Once is not null && posted["once"].ToString() is { Length: > 0 and <= 64 } once) Once = once;
        return IsFine;
    }

    private static string Clean(Field field, string typed)
    {
        if (field.Kind is FieldKind.Password) return typed;
        // Chinese keyboards write full-width digits and points; people paste amounts with grouping commas.
        return field.Kind is FieldKind.Money or FieldKind.Whole ? TypedNumber.Plain(typed) : typed.Trim();
    }

    private string? ShapeProblem(Field field)
    {
        if (field.Value.Length == 0)
        {
            if (field.IsOptional) return null;
            return field.Kind == FieldKind.Choice ? language.Pick("请选一个", "Choose one") : language.Pick("请填写", "Fill this in");
        }

        if (field.Value.Length > field.LengthMax)
            return language.Pick($"太长了，最多 {field.LengthMax} 个字符", $"Too long: at most {field.LengthMax} characters");
        return field.Kind switch
        {
            FieldKind.Money when !Kernel.Money.TryParse(field.Value, out _) =>
                language.Pick("要写成数字，最多四位小数，例如 9.9850", "Write an amount with at most four decimals, such as 9.9850"),
            FieldKind.Whole when !long.TryParse(field.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                language.Pick("要写成整数", "Write a whole number"),
            FieldKind.Choice when !field.Options.Any(o => o.Value == field.Value) => language.Pick("请选一个", "Choose one"),
            FieldKind.Day when ReadMoment(field.Value) is null => language.Pick("请选日期", "Choose a date"),
            FieldKind.Moment when ReadMoment(field.Value) is null => language.Pick("请选日期和时间", "Choose a date and time"),
            _ => null,
        };
    }

    /// <summary>The amount in a money field; zero when it is empty and optional.</summary>
    public Money MoneyOf(string name) => Kernel.Money.TryParse(this[name], out var money) ? money : default;

    public long WholeOf(string name) => long.TryParse(this[name], CultureInfo.InvariantCulture, out var number) ? number : 0;

    public bool IsChecked(string name) => this[name] is "on" or "true";

    public DateTimeOffset? MomentOf(string name) => ReadMoment(this[name]);

    /// <summary>The first moment of the day in a day field.</summary>
    public DateTimeOffset? DayOf(string name) => ReadMoment(this[name]);

    public Form Fail(string name, string zh, string en)
    {
        _byName[name].Problem = language.Pick(zh, en);
        return this;
    }

    public Form Fail(string zh, string en)
    {
        _general.Add(language.Pick(zh, en));
        return this;
    }

    /// <summary>Puts a module's field errors beside the fields they name; the others stand at the top.</summary>
    public void Take(IEnumerable<FieldError> errors)
    {
        foreach (var error in errors)
        {
            if (_byName.TryGetValue(error.Field, out var field)) field.Problem ??= language.Pick(error.Zh, error.En);
            else _general.Add(language.Pick(error.Zh, error.En));
        }
    }

    // Browsers send what was chosen without a zone: the console speaks Beijing time throughout.
    private static DateTimeOffset? ReadMoment(string text) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, Show.Zone) : null;
}
