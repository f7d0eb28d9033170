namespace IoScale.Nodes.Store;

/// <summary>The database did not take or give what it was asked for. The message is one line that says why; the same call may work later.</summary>
internal sealed class StoreException(string reason, Exception? cause = null) : Exception(reason, cause);
