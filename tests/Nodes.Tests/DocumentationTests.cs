using System.Runtime.CompilerServices;
using IoScale.Nodes.Documentation;

namespace IoScale.Nodes.Tests;

public class DocumentationTests
{
    public static TheoryData<string> Pages => [.. GeneratedPages.All().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_page_in_the_repository_is_what_the_code_says(string page)
    {
        string text = GeneratedPages.All().Single(p => p.Name == page).Text;
        string file = Path.Combine(Repository(), "docs", page);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == text, $"docs/{page} is stale: run dotnet run -c Release --project src/Nodes -- docs");
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
