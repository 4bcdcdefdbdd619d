import Foundation

/// heapdump's helper process that closes an inspector when heapdump itself cannot.
enum Guardian {
    /// Those that watch a process.
    static func pids(watching target: pid_t) -> [pid_t] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.filter { pid in
            guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard arguments.contains("guard-inspector"), let option = arguments.firstIndex(of: "--pid"),
                option + 1 < arguments.count
            else { return false }
            return arguments[option + 1] == String(target)
        }
    }

    /// It ends once the event loop has turned after the close, which is a moment after heapdump on a busy machine.
    static func awaitEnd(watching target: pid_t) throws {
        try eventually("the guardian of \(target) has ended") { pids(watching: target).isEmpty }
    }
}
