using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using IoScale.Protocol.Wire;

namespace IoScale.Protocol.Tests.Wire;

public sealed class WireSerializerTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("wire", ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF"));

    private WireSerializer Serializer => new((ExtendedActorSystem)_system);

    private static List<MessageDescriptor> Proto => [.. ClusterReflection.Descriptor.MessageTypes];

    public static TheoryData<Type> Kinds => [.. WireSerializer.Table.Select(t => t.Type)];

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Every_message_that_is_not_only_a_part_of_another_has_one_manifest()
    {
        HashSet<MessageDescriptor> parts = [.. Proto.SelectMany(m => m.Fields.InDeclarationOrder()).Where(f => f.FieldType == FieldType.Message).Select(f => f.MessageType)];
        foreach (MessageDescriptor message in Proto)
        {
            if (message.ClrType == typeof(LocalRun))
            {
                // Stored as bytes inside of another message.
                continue;
            }

            bool travels = message.ClrType.IsAssignableTo(typeof(IWireMessage));
            Assert.True(travels || parts.Contains(message), $"{message.Name} travels, but is not marked");
            Assert.Equal(travels ? 1 : 0, WireSerializer.Table.Count(t => t.Type == message.ClrType));
        }
    }

    [Fact]
    public void No_two_messages_share_a_manifest() =>
        Assert.Equal(WireSerializer.Table.Count(), WireSerializer.Table.Select(t => t.Manifest).Distinct(StringComparer.Ordinal).Count());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_comes_back_as_it_was(Type kind)
    {
        IMessage message = Filled(kind);
        byte[] bytes = Serializer.ToBinary(message);
        object back = Serializer.FromBinary(bytes, Serializer.Manifest(message));
        Assert.NotEmpty(bytes);
        Assert.IsType(kind, back);
        Assert.Equal(message, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("WP")]
    [InlineData("System.Diagnostics.Process, System")]
    [InlineData("two\nlines")]
    public void An_unknown_manifest_is_refused_in_one_line(string manifest)
    {
        SerializationException error = Assert.Throws<SerializationException>(() => Serializer.FromBinary([1, 2, 3], manifest));
        Assert.Contains("unknown kind", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bytes_that_are_no_such_message_are_refused(Type kind)
    {
        string manifest = WireSerializer.Table.Single(t => t.Type == kind).Manifest;
        SerializationException error = Assert.Throws<SerializationException>(() => Serializer.FromBinary([0xff, 0xff, 0xff], manifest));
        Assert.Contains(kind.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_message_does_not_travel_on_its_own()
    {
        SerializationException error = Assert.Throws<SerializationException>(() => Serializer.ToBinary(new NodeStatus()));
        Assert.Contains(nameof(NodeStatus), error.Message, StringComparison.Ordinal);
        Assert.Throws<SerializationException>(() => Serializer.Manifest("text"));
    }

    [Fact]
    public void Where_Akka_would_follow_type_names_it_is_refused_both_ways()
    {
        ExtendedActorSystem system = (ExtendedActorSystem)_system;
        RefusingSerializer[] refusing = [new RefusingJsonSerializer(system, Config.Empty), new RefusingProtobufSerializer(system), new RefusingDeploymentSerializer(system)];
        Assert.Equal([1, 2, 3], refusing.Select(r => r.Identifier));
        foreach (RefusingSerializer serializer in refusing)
        {
            Assert.Contains("System.Uri", Assert.Throws<SerializationException>(() => serializer.ToBinary(new Uri("http://host"))).Message, StringComparison.Ordinal);
            Assert.Contains("Some.Type", Assert.Throws<SerializationException>(() => serializer.FromBinary([1], "Some.Type")).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A message with something in every field.</summary>
    private static IMessage Filled(Type kind)
    {
        IMessage message = (IMessage)Activator.CreateInstance(kind)!;
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated)
            {
                object list = field.Accessor.GetValue(message);
                list.GetType().GetMethod("Add", BindingFlags.Public | BindingFlags.Instance, [ElementType(list)])!.Invoke(list, [Value(field)]);
            }
            else
            {
                field.Accessor.SetValue(message, Value(field));
            }
        }

        return message;
    }

    private static Type ElementType(object list) => list.GetType().GetGenericArguments()[0];

    private static object Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => $"{field.Name} é",
        FieldType.Bytes => ByteString.CopyFrom(0, 0xff, (byte)field.FieldNumber),
        FieldType.Int32 => -field.FieldNumber,
        FieldType.Int64 => long.MaxValue - field.FieldNumber,
        FieldType.Fixed64 => ulong.MaxValue - (ulong)field.FieldNumber,
        FieldType.Double => 1.5 * field.FieldNumber,
        FieldType.Bool => true,
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[^1].Number),
        FieldType.Message => Filled(field.MessageType.ClrType),
        _ => throw new NotSupportedException($"{field.FieldType} of {field.FullName}"),
    };
}
