using Spectre.Console;

namespace IoScale.Nodes.Reports;

/// <summary>One way to draw a table: a heading, thin rules, numbers to the right, names folded rather than cut.</summary>
internal static class ReportTable
{
    /// <summary>Most variants that stand side by side as columns.</summary>
    public const int ColumnsAtOnce = 6;

    private const int HeadWidth = 13;

    /// <summary>An empty table; the first <paramref name="left"/> columns hold text, the others numbers.</summary>
    public static Table Create(int left, params IEnumerable<string> heads)
    {
        Table table = new Table().Border(TableBorder.Simple);
        int i = 0;
        foreach (string head in heads)
        {
            table.AddColumn(new TableColumn(Markup.Escape(Fold(head))) { Alignment = i++ < left ? Justify.Left : Justify.Right, Padding = new Padding(0, 0, 1, 0), NoWrap = i == 1 });
        }

        return table;
    }

    public static void Row(Table table, params IEnumerable<string> cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    public static void Print(IAnsiConsole console, string heading, Table table)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{Markup.Escape(heading)}[/]");
        console.Write(table);
    }

    /// <summary>Breaks a long name at its dashes and spaces, so that it does not widen its column.</summary>
    public static string Fold(string name)
    {
        if (name.Length <= HeadWidth)
        {
            return name;
        }

        List<string> lines = [];
        string line = "";
        int start = 0;
        while (start < name.Length)
        {
            int cut = name.IndexOfAny(['-', ' '], start);
            string piece = cut < 0 ? name[start..] : name[start..(cut + 1)];
            if (line.Length > 0 && line.Length + piece.TrimEnd().Length > HeadWidth)
            {
                lines.Add(line.TrimEnd());
                line = "";
            }

            line += piece;
            start += piece.Length;
        }

        return string.Join('\n', lines.Append(line));
    }
}
