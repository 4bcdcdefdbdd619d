import Glibc

/// Whom the kernel ends when memory runs out: heapdump before the process that it dumps, and before its guardian, which closes
/// the inspector then. A forked copy goes before all of them.
enum OutOfMemoryOrder {
    /// Of 1000, at which a process goes first of all.
    private static let score = 500

    /// To be called once the guardian runs, which would inherit it. Best effort: anybody may raise one's own score.
    static func goFirst() {
        let path = "/proc/self/oom_score_adj"
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 16)
        let count = read(file, &text, text.count)
        guard count > 0 else { return }
        let now = Int(String(decoding: text[..<count].filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) ?? score
        guard now < score else { return }
        let wanted = Array(String(score).utf8)
        _ = pwrite(file, wanted, wanted.count, 0)
    }
}
