import Foundation

/// What a process holds that a dump could leave behind.
struct Holdings: Equatable {
    let descriptors: [String]
    let threads: Int
    let copies: [pid_t]

    init(of pid: pid_t) {
        let files = FileManager.default
        let numbers = (try? files.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
        // Sockets of connections that are just ending come and go with the clients of a test.
        descriptors = numbers.compactMap { try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)") }
            .filter { !$0.hasPrefix("socket:") }.sorted()
        threads = ((try? files.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []).count
        copies = ForkedCopies.pids(of: pid)
    }
}
