using Akka.Actor;
using Akka.Configuration;
using IoScale.Nodes.Store;

namespace IoScale.Nodes.Tests.Store;

/// <summary>Actor systems over a store.</summary>
internal static class Stores
{
    /// <summary>Prepares the place and starts an actor system over it.</summary>
    public static ActorSystem Open(StoreSettings settings)
    {
        StoreCheck.Prepare(settings);
        return ActorSystem.Create("store", ConfigurationFactory.ParseString("""
            akka {
              loglevel = ERROR
              stdout-loglevel = OFF
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            """).WithFallback(StoreConfiguration.Of(settings)));
    }

    /// <summary>Bytes that no two calls share.</summary>
    public static byte[] Content(int seed, int length)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }
}
