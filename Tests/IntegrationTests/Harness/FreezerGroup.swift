import Foundation
import Testing

/// A cgroup, of either version, whose processes can be kept from running.
struct FreezerGroup {
    private let control: String
    private var isOld: Bool { control.hasSuffix("state") }

    /// Where hierarchies are mounted.
    static let hierarchies = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup", "/sys/fs/cgroup/freezer"]

    /// Starts a program in a group below one that can be frozen. It runs again when this ends.
    static func with<Result>(
        in hierarchy: String, _ program: String, _ node: Node, _ body: (Target, FreezerGroup) throws -> Result
    ) throws -> Result {
        try Requirement.root()
        return try ControlGroup.with(in: hierarchy) { outer in
            let control = ["cgroup.freeze", "freezer.state"].map { "\(outer.path)/\($0)" }
                .first { FileManager.default.fileExists(atPath: $0) }
            guard let control else { try Test.cancel("\(hierarchy) cannot freeze") }
            let group = FreezerGroup(control: control)
            // The group above the process's own.
            let inner = outer.path + "/inner"
            try #require(mkdir(inner, 0o755) == 0)
            defer { try? eventually("\(inner) is empty") { rmdir(inner) == 0 || errno != EBUSY } }
            let launcher = ["sh", "-c", "echo $$ > '\(inner)/cgroup.procs' && exec \"$@\"", "sh"]
            return try Target.with(program, node, launcher: launcher) { target in
                defer { try? group.thaw() }
                return try body(target, group)
            }
        }
    }

    func freeze() throws { try write(isOld ? "FROZEN" : "1") }
    func thaw() throws { try write(isOld ? "THAWED" : "0") }

    private func write(_ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: control))
        try file.write(contentsOf: Data(text.utf8))
    }
}
