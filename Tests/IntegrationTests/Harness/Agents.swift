import Foundation

/// heapdump's agents in a process.
enum Agents {
    /// The files that they were loaded from, which have no name any more.
    static func mapped(into pid: pid_t) throws -> Set<String> {
        let paths = map(of: pid).compactMap { line in line.range(of: "/").map { String(line[$0.lowerBound...]) } }
        return Set(paths.filter { $0.contains("snapshot-agent-") })
    }

    /// The lines of its memory map.
    static func map(of pid: pid_t) -> [Substring] {
        // Foundation stops at the first short read, and the kernel's are.
        let text = (try? Command(["cat", "/proc/\(pid)/maps"]).run().stdout) ?? ""
        return text.split(separator: "\n")
    }
}
