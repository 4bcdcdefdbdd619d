import Foundation
import Testing

/// The copies that heapdump's agent forks off a target.
enum ForkedCopies {
    /// Those that are there, zombies included.
    static func pids(of target: pid_t) -> [pid_t] {
        children(of: target).filter { name(of: $0) == "heapdump-fork" }
    }

    /// Waits for one.
    static func await(of target: pid_t, sourceLocation: SourceLocation = #_sourceLocation) throws -> pid_t {
        var found: pid_t?
        try eventually("a forked copy of \(target)") {
            found = pids(of: target).first
            return found != nil
        }
        return try #require(found, sourceLocation: sourceLocation)
    }

    private static func children(of pid: pid_t) -> [pid_t] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.flatMap { task in
            let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/children", encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    private static func name(of pid: pid_t) -> String {
        let text = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
        return (text ?? "").trimmingCharacters(in: .newlines)
    }
}

/// What a process holds that a dump could leave behind.
struct Holdings: Equatable {
    let descriptors: [String]
    let threads: Int
    let children: [pid_t]

    init(of pid: pid_t) {
        let files = FileManager.default
        let numbers = (try? files.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
        // Sockets of connections that are just ending come and go with the clients of a test.
        descriptors = numbers.compactMap { try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)") }
            .filter { !$0.hasPrefix("socket:") }.sorted()
        threads = ((try? files.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []).count
        children = ForkedCopies.pids(of: pid)
    }
}
