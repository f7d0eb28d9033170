using System.Globalization;
using System.Reflection;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Protocol.Tests;

/// <summary>Messages of every kind, made from their constructors.</summary>
internal static class Messages
{
    public static IReadOnlyList<Type> Kinds { get; } =
    [
        .. typeof(MessageCodec).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(VirtualMessage)) && !t.IsAbstract)
            .OrderBy(t => t.Name, StringComparer.Ordinal),
    ];

    public static VirtualMessage Make(Type kind, int variant) => (VirtualMessage)Constructor(kind).Invoke(
        [.. Constructor(kind).GetParameters().Select((p, i) => Value(p.ParameterType, (7 * i) + variant))]);

    /// <summary>For each constructor parameter, and each field of one that has fields itself, the message with only that changed.</summary>
    public static IEnumerable<(string Name, VirtualMessage Changed)> Changes(Type kind)
    {
        ConstructorInfo constructor = Constructor(kind);
        ParameterInfo[] parameters = constructor.GetParameters();
        object[] values = [.. parameters.Select((p, i) => Value(p.ParameterType, 7 * i))];
        for (int i = 0; i < parameters.Length; i++)
        {
            foreach ((string name, object other) in Others(parameters[i].ParameterType, values[i], 7 * i))
            {
                object[] changed = [.. values];
                changed[i] = other;
                yield return ($"{parameters[i].Name}{name}", (VirtualMessage)constructor.Invoke(changed));
            }
        }
    }

    public static string Text(VirtualMessage message) => message.GetType().Name + string.Concat(
        message.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(p => p.GetValue(message) is Array list ? $" {p.Name}={string.Join(',', list.Cast<object>())}" : $" {p.Name}={p.GetValue(message)}"));

    private static ConstructorInfo Constructor(Type type) => type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();

    private static IEnumerable<(string Name, object Value)> Others(Type type, object value, int number)
    {
        if (type == typeof(bool))
        {
            return [("", !(bool)value)];
        }

        if (type == typeof(int[]))
        {
            int[] list = (int[])value;
            return [("[0]", new[] { list[0] + 1, list[1] }), ("[1]", new[] { list[0], list[1] + 1 }), (".Length", new[] { list[0] })];
        }

        if (type == typeof(VifTrain[]))
        {
            VifTrain[] trains = (VifTrain[])value;
            return
            [
                (".Length", trains[..1]),
                .. Others(typeof(VifTrain), trains[0], number).Select(o => ($"[0]{o.Name}", (object)new[] { (VifTrain)o.Value, trains[1] })),
                .. Others(typeof(VifTrain), trains[1], number + 9).Select(o => ($"[1]{o.Name}", (object)new[] { trains[0], (VifTrain)o.Value })),
            ];
        }

        if (type.IsPrimitive || type.IsEnum)
        {
            return [("", Value(type, number + 1))];
        }

        ParameterInfo[] parts = Constructor(type).GetParameters();
        return parts.Select((p, i) => ($".{p.Name}", Constructor(type).Invoke(
            [.. parts.Select((q, j) => Value(q.ParameterType, number + j + (i == j ? 100 : 0)))])));
    }

    private static object Value(Type type, int number)
    {
        if (type == typeof(bool))
        {
            return number % 2 == 1;
        }

        if (type == typeof(int[]))
        {
            return new[] { number + 3, number + 9 };
        }

        if (type == typeof(VifTrain[]))
        {
            return new[] { (VifTrain)Value(typeof(VifTrain), number), (VifTrain)Value(typeof(VifTrain), number + 9) };
        }

        if (type.IsEnum)
        {
            Array values = Enum.GetValues(type);
            return values.GetValue(number % values.Length)!;
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(number + 1, type, CultureInfo.InvariantCulture);
        }

        return Constructor(type).Invoke([.. Constructor(type).GetParameters().Select((p, i) => Value(p.ParameterType, number + i))]);
    }
}
