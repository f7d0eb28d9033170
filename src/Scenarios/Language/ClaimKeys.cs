using static IoScale.Scenarios.Language.Types;

namespace IoScale.Scenarios.Language;

/// <summary>Keys of a claim: what a scenario is evidence for.</summary>
internal static class ClaimKeys
{
    public const int MostDecimals = 6;

    public static Shape Measurement { get; } = new("measurement", "A value of the run that is shown beside what was expected. A text alone is its value.",
    [
        new("label", Text("a few words"), "What it is.", Default: ""),
        new("value", Text("a value over metrics such as after.ipis_delivery_total / after.interrupts_total"), "The value, as a side of an expectation; where there are variants, every metric names its own.", Required: true),
        new("unit", Text("text, for example \"% of one core\" or Gbps"), "What stands behind the number. Where it begins with a unit of the language, the value is shown in that unit.", Default: ""),
        new("decimals", Integer(0, MostDecimals), "Digits behind the point.", DefaultMeaning: "four significant digits"),
    ]);

    public static Shape Claim { get; } = new("claim", "What the scenario is evidence for. Its expectations are the verdict; `ioscale claims` makes a table of all.",
    [
        new("id", new ClaimIdType(), "Its number among the claims.", Required: true),
        new("claim", Text("one sentence"), "What is claimed.", Required: true),
        new("basis", Text("tags of confidence such as D/A"), "Where the expectation comes from: V verified in a source, D the deck, A arithmetic, X observed by running, spec, R-H, R-M, R-L recalled with high, medium or low confidence; joined by /.", Required: true),
        new("expected", Text("what should come out, with its tolerance"), "The value or ordering that is expected.", Required: true),
        new("measured", new ListType(new ShapeType(Measurement, "value"), 1, 12, OneWithoutBrackets: true), "What came out, see [measurement](#measurement).", Required: true),
        new("calibrated", Text("one sentence"), "Which inputs of the scenario were chosen to fit a source.", Required: true),
        new("predicted", Text("one sentence"), "What follows from the model and is no input.", Required: true),
    ]);
}
