import Foundation

/// The copies of a process that write its snapshot.
enum ForkedCopies {
    /// Those that it has now, also those that have ended and that it has not reaped.
    static func pids(of parent: pid_t) -> [pid_t] {
        children(of: parent).filter { name(of: $0) == "heapdump-fork\n" }
    }

    /// Those of all its threads, zombies too.
    static func children(of parent: pid_t) -> [pid_t] {
        let tasks = "/proc/\(parent)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.flatMap { thread in
            let children = try? String(contentsOfFile: "\(tasks)/\(thread)/children", encoding: .utf8)
            return (children ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Whether one still works: whose parent is gone, somebody else has to reap it.
    static func isAtWork(_ pid: pid_t) -> Bool {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return name(of: pid) == "heapdump-fork\n" && !stat.contains(") Z ")
    }

    private static func name(of pid: pid_t) -> String? {
        try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
    }
}
