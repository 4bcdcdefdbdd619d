/// The environment that a process was started with; what it changed since then is not seen.
enum EnvironmentVariable {
    /// `nil` where it is not set.
    static func read(_ name: String, of pid: Int32) throws(ProcessError) -> String? {
        let prefix = Array((name + "=").utf8)
        let environment = try ProcFile(pid, "environ").bytes()
        // The first one counts, as for getenv.
        for entry in environment.split(separator: 0) where entry.starts(with: prefix) {
            return String(decoding: entry.dropFirst(prefix.count), as: UTF8.self)
        }
        return nil
    }
}
