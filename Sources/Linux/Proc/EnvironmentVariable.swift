/// The environment that a process was started with; what it changed since then is not seen.
package enum EnvironmentVariable {
    /// `nil` where it is not set.
    package static func read(_ name: String, of pid: Int32) throws(LinuxError) -> String? {
        value(of: name, in: try ProcFile(pid, "environ").bytes())
    }

    /// The kernel hands no longer one to a program (MAX_ARG_STRLEN). A process may have written what it likes there since.
    package static let longestValue = 128 << 10

    /// - Parameter environment: as /proc has it, with a zero after each variable.
    package static func value(of name: String, in environment: [UInt8]) -> String? {
        let assignment = Array((name + "=").utf8)
        var start = 0
        if !environment.starts(with: assignment) {
            // The first one counts, as for getenv.
            guard let zero = environment.firstIndex(of: [0] + assignment, from: 0) else { return nil }
            start = zero + 1
        }
        let value = environment[(start + assignment.count)...].prefix(longestValue).prefix { $0 != 0 }
        return String(decoding: value, as: UTF8.self)
    }
}
