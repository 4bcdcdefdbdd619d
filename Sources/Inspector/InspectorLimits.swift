/// Bounds on what an inspector may send: the target may be hostile.
public enum InspectorLimits {
    /// The largest HTTP answer that is read, in bytes. `/json/list` of Node is below 1 KiB.
    public static let httpBodyBytes = 64 * 1024
    /// The largest WebSocket message that is accepted, in bytes. Node 24 sends snapshot chunks of 1.3 MB.
    public static let messageBytes = 16 << 20
    /// How much of a reason is taken over into messages, in characters. V8's are a sentence.
    public static let reasonCharacters = 500
    /// Above this many bytes that wait to be checked and written, the socket is not read until half of them are. What is
    /// not read piles up in the target's memory, which V8 has made several times its heap for the snapshot; heapdump's
    /// own, which may count against the same limit, stays small. Always read is at least one whole message.
    public static let queueBytes = 1 << 20

    /// The longest session id of a worker that is taken, in bytes. Node's are small numbers.
    static let sessionBytes = 64
    /// How much of a worker's title is kept, in characters: its number comes first, and the application's name for it then.
    static let titleCharacters = 100
    /// What may come before an answer, in bytes: events that nobody asked for, and no more than a few of them.
    public static let bytesBeforeAnswer: UInt64 = 256 << 20

    static func cut(_ reason: String) -> String { String(reason.prefix(reasonCharacters)) }
}
