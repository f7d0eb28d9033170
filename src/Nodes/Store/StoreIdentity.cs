namespace IoScale.Nodes.Store;

/// <summary>
/// A mark in the database by which nodes know that they use the same one. Two folders called <c>data</c> on two machines look alike until a state is missing.
/// </summary>
internal static class StoreIdentity
{
    /// <summary>What a node says that finds no mark: never equal to one.</summary>
    public const string Missing = "none";

    private const string Key = "store-identity";

    /// <summary>The mark, or null while there is none.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public static async Task<string?> Find(StateStore store) =>
        await store.LoadAsync(Key, 1).ConfigureAwait(false) is { } mark ? Convert.ToHexStringLower(mark) : null;

    /// <summary>The mark; makes one where there is none. For the coordinator alone, of which there is one.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public static async Task<string> Ensure(StateStore store)
    {
        if (await Find(store).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        byte[] mark = Guid.NewGuid().ToByteArray();
        await store.SaveAsync(Key, 1, mark).ConfigureAwait(false);
        return Convert.ToHexStringLower(mark);
    }
}
