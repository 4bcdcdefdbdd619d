import Foundation
import Linux
import Testing

@testable import NodeProcess

/// In the machine's own hierarchy of the second version, with whatever controllers it has.
@Suite struct DumpGroupTests {
    private static let root = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].first {
        CgroupFile($0 + "/cgroup.controllers").exists
    }
    private static let hasMemory =
        root.map { CgroupFile($0 + "/cgroup.subtree_control").text.contains("memory") } ?? false

    private func withParent(_ body: (String) throws -> Void) throws {
        let parent = try #require(Self.root) + "/heapdump-test-\(UUID().uuidString)"
        guard mkdir(parent, 0o755) == 0 else { try Test.cancel("control groups may not be made here") }
        defer { rmdir(parent) }
        try body(parent)
    }

    @Test(.enabled(if: root != nil && TestNode.isRoot, "needs root and control groups of the second version"))
    func takesAProcessIn() throws {
        try withParent { parent in
            let place = DumpGroupPlace(parent: parent, hierarchy: .v2, groups: [])
            let group = try DumpGroup.make(in: place)
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: parent).first { $0.hasPrefix("heapdump-") })
            try Child.with(["sleep", "1000"]) { child in
                try group.add(try ProcessHandle(pid: child.pid))
                #expect(CgroupFile("\(parent)/\(name)/cgroup.procs").text == "\(child.pid)\n")
                #expect(CgroupFile("/proc/\(child.pid)/cgroup").text.contains("/\(name)\n"))
                if Self.hasMemory {
                    #expect(group.peakBytes != nil)
                    #expect(!group.hasKilled)
                }
            }
            group.remove()
            #expect(!FileManager.default.fileExists(atPath: "\(parent)/\(name)"))
        }
    }

    /// Another heapdump's that was killed is removed; that of one that runs is not.
    @Test(.enabled(if: root != nil && TestNode.isRoot, "needs root and control groups of the second version"))
    func removesWhatAKilledOneHasLeft() throws {
        try withParent { parent in
            let stale = "\(parent)/heapdump-\(getpid())-1"
            let other = "\(parent)/heapdump-notes"
            for path in [stale, other] { try #require(mkdir(path, 0o755) == 0) }
            defer { rmdir(other) }
            let group = try DumpGroup.make(in: DumpGroupPlace(parent: parent, hierarchy: .v2, groups: []))
            #expect(!FileManager.default.fileExists(atPath: stale))
            #expect(FileManager.default.fileExists(atPath: other))
            group.remove()
        }
    }

    /// The limit goes where the kernel's documentation says.
    @Test func writesTheLimit() throws {
        let parent = NSTemporaryDirectory() + "/heapdump-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        for (hierarchy, limit, swap, swapLimit) in [
            (MemoryGroup.Hierarchy.v2, "memory.max", "memory.swap.max", "0"),
            (.v1, "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "1048576"),
        ] {
            let group = try DumpGroup.make(in: DumpGroupPlace(parent: parent, hierarchy: hierarchy, groups: []))
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: parent).first)
            // Where the controller is not enabled there is no such file.
            #expect(throws: ProcessError.self) { try group.limit(to: 1 << 20) }
            for file in [limit, swap] { try Data().write(to: URL(fileURLWithPath: "\(parent)/\(name)/\(file)")) }
            try group.limit(to: 1 << 20)
            #expect(CgroupFile("\(parent)/\(name)/\(limit)").text == "1048576")
            #expect(CgroupFile("\(parent)/\(name)/\(swap)").text == swapLimit)
            try FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
    }
}
