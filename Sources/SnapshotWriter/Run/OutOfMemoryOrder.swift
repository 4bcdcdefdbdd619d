import Glibc
import Linux

/// Whom the kernel ends when memory runs out: heapdump before the process that it dumps, and before its guardian, which closes
/// the inspector then. A forked copy goes before all of them.
enum OutOfMemoryOrder {
    /// Of 1000, at which a process goes first of all.
    private static let score = 500
    private static let path = "/proc/self/oom_score_adj"
    /// What heapdump was started with.
    private static let original = read()

    /// Best effort: anybody may raise one's own score.
    static func goFirst() {
        guard let original, original < score else { return }
        write(score)
    }

    /// For the guardian, which is small and has an open port to close. Root may, who keeps CAP_SYS_RESOURCE; others stay where they
    /// are.
    static func goLast() { write(-score) }

    /// For the moment in which a process is started that is not to be the first. Anybody may lower one's own score again.
    static func stepBack() {
        guard let original, original < score else { return }
        write(original)
    }

    private static func read() -> Int? {
        guard let text = try? Descriptor(opening: path).bytes(upTo: 16) else { return nil }
        return Int(String(decoding: text.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    private static func write(_ score: Int) {
        let file = try? Descriptor(opening: path, O_WRONLY)
        Array(String(score).utf8).withUnsafeBytes { try? file?.write($0) }
    }
}
