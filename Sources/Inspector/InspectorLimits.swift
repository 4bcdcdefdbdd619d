/// Bounds on what an inspector may send: the target may be hostile.
public enum InspectorLimits {
    /// The largest HTTP answer that is read, in bytes. `/json/list` of Node is below 1 KiB.
    public static let httpBodyBytes = 64 * 1024
    /// The largest WebSocket message that is accepted, in bytes. Node 24 sends snapshot chunks of 1.3 MB.
    public static let messageBytes = 16 << 20
    /// Above this many unread bytes the socket is not read until the consumer has caught up. What is not read piles
    /// up in the target's memory, what is read in heapdump's: this is where the one begins to be traded for the other.
    public static let queueBytes = 64 << 20
}
