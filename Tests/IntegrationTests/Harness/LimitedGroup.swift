import Foundation
import Testing

/// A control group of a test's own with the memory controller, or that of pids; gone with the scope.
struct LimitedGroup {
    private let place: ControlGroup
    private let isUnified: Bool

    /// Leaves the test out where none can be made.
    static func with<Result>(_ controller: String = "memory", _ body: (LimitedGroup) throws -> Result) throws -> Result
    {
        try Requirement.root()
        let old = "/sys/fs/cgroup/\(controller)"
        let isUnified = !FileManager.default.fileExists(atPath: old + "/cgroup.procs")
        return try ControlGroup.with(in: isUnified ? "/sys/fs/cgroup" : old) { place in
            let group = LimitedGroup(place: place, isUnified: isUnified)
            let limit = isUnified ? "\(controller).max" : controller == "memory" ? "memory.limit_in_bytes" : "pids.max"
            guard group.text(limit) != nil else {
                try Test.cancel("the \(controller) controller is not enabled for \(place.path)")
            }
            return try body(group)
        }
    }

    var launcher: [String] { place.launcher }

    /// Where its files are, which is what heapdump calls it.
    var directory: String { place.path }

    /// Bytes charged to it now, page cache included.
    var usage: Int { number(isUnified ? "memory.current" : "memory.usage_in_bytes") ?? 0 }

    /// How often the kernel has killed in it.
    var kills: Int {
        let lines = text(isUnified ? "memory.events" : "memory.oom_control") ?? ""
        return lines.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
            .flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
    }

    /// Processes and threads in it now.
    var tasks: Int { number("pids.current") ?? 0 }

    func limitMemory(to bytes: Int) throws { try write("\(bytes)", isUnified ? "memory.max" : "memory.limit_in_bytes") }

    /// The kernel kills nobody alone in it: all together, or in the first version nobody, and who needs memory stands still.
    func endAsAWhole() throws { try write("1", isUnified ? "memory.oom.group" : "memory.oom_control") }

    /// So many bytes more than it holds now; a kernel counts in whole pages.
    ///
    /// A process that has just started still grows by itself, and would run into the limit without any dump: so it comes to rest
    /// first.
    /// - Returns: the limit.
    @discardableResult
    func leaveMemory(_ bytes: Int) throws -> Int {
        var most = 0
        var looksInARow = 0
        try eventually("\(directory) no longer grows; it holds \(usage) bytes") {
            looksInARow = usage > most + (256 << 10) ? 0 : looksInARow + 1
            most = max(most, usage)
            return looksInARow > 50
        }
        let limit = (usage + bytes) & ~4095
        try limitMemory(to: limit)
        return limit
    }

    func limitTasks(to count: Int) throws { try write("\(count)", "pids.max") }

    /// Those that a heapdump has made beside it.
    func dumpGroups(of heapdump: pid_t) -> [String] {
        let parent = (directory as NSString).deletingLastPathComponent
        return ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [])
            .filter { $0.hasPrefix("heapdump-\(heapdump)-") }
    }

    private func text(_ name: String) -> String? {
        try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
    }

    private func number(_ name: String) -> Int? {
        text(name).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private func write(_ value: String, _ name: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(directory)/\(name)"))
        try file.write(contentsOf: Data(value.utf8))
    }
}
