import Foundation
import Testing

/// A control group of a test's own, gone with the scope.
struct ControlGroup {
    let path: String

    /// One below a group of a random name. Leaves the test out where none can be made.
    static func with<Result>(named name: String, _ body: (ControlGroup) throws -> Result) throws -> Result {
        // The unified hierarchy, or one of the old ones.
        let parents = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids"]
        let isGroup = { (path: String) in FileManager.default.fileExists(atPath: path + "/cgroup.procs") }
        guard let parent = parents.first(where: isGroup) else { try Test.cancel("no control groups are mounted") }
        return try with(in: parent) { outer in
            let path = outer.path + "/" + name
            guard mkdir(path, 0o755) == 0 else { throw Failure(errno: "mkdir \(path)") }
            defer { remove(path) }
            return try body(ControlGroup(path: path))
        }
    }

    /// One of a random name. Leaves the test out where none can be made.
    static func with<Result>(in parent: String, _ body: (ControlGroup) throws -> Result) throws -> Result {
        let path = parent + "/heapdump-test-" + UUID().uuidString
        guard mkdir(path, 0o755) == 0 else { try Test.cancel("control groups may not be made here") }
        defer { remove(path) }
        return try body(ControlGroup(path: path))
    }

    /// Puts itself into the group and becomes what follows it.
    var launcher: [String] { ["sh", "-c", "echo $$ > '\(path)/cgroup.procs' && exec \"$@\"", "sh"] }

    /// Those that have ended are still in it for a moment.
    private static func remove(_ path: String) {
        try? eventually("\(path) is empty", within: .seconds(10)) { rmdir(path) == 0 || errno != EBUSY }
    }
}
