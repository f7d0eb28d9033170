using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>A VM's PV network interface.</summary>
internal static class VifBuilder
{
    /// <returns>Null where the VM has none, or where a mistake was reported.</returns>
    public static VifSpec? Build(BuildContext context, CheckedMap map, HostSpec host)
    {
        NotificationSpec notification = Notification(context, map.Map("notification"), "notification");
        return map.Text("vif") is { Length: > 0 } text && Port(context, map, text, host) is { } port ? new(port.Nic, port.Port, notification) : null;
    }

    /// <summary>Reads <c>policy</c> and <c>rate</c>.</summary>
    /// <param name="what">What the policy belongs to.</param>
    public static NotificationSpec Notification(BuildContext context, CheckedMap map, string what)
    {
        string? word = map.Text("policy");
        NotificationPolicy policy = word is null ? NotificationPolicy.Every : ChoiceNames.Notifications.Choice(word);
        if (policy == NotificationPolicy.Every && map.Has("rate") && word is not null)
        {
            context.Wrong(map, "rate", "belongs to the policies netback-rate and netfront-poll; remove it, or write one of those");
        }
        else if (policy != NotificationPolicy.Every && !map.Has("rate"))
        {
            context.Wrong(map, "rate", $"is missing; {what} {word} needs it, for example rate: 1kHz");
        }

        return new(policy, policy == NotificationPolicy.Every ? 0 : (int)(map.GivenNumber("rate") ?? 1));
    }

    private static PortName? Port(BuildContext context, CheckedMap map, string text, HostSpec host)
    {
        // Ranges that stand where none may were reported when ranges were expanded.
        if (NameRange.IsRange(text))
        {
            return null;
        }

        if (PortName.Parse(text, out PortName port) is { } mistake)
        {
            context.Wrong(map, "vif", mistake);
            return null;
        }

        return Functions.Nic(context, map, "vif", port.Nic, port.Port, host) is null ? null : port;
    }
}
