import Foundation
import Linux
import Testing

@testable import NodeProcess

/// What cgroups leave to a process and to its copy, as recorded trees of /proc and /sys/fs/cgroup show it.
@Suite struct CgroupRoomTests {
    private static let pod = "/kubepods.slice/pod1.slice"
    private static let unified = "34 24 0:29 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"

    /// A pod of Kubernetes: process 7 is in a container of it.
    private func withPod(
        _ change: (inout [String: String]) -> Void = { _ in }, _ body: (CgroupTree) throws -> Void
    ) throws {
        let group = "sys/fs/cgroup\(Self.pod)"
        let container = group + "/cri-containerd-1.scope"
        var files = [
            "proc/self/mountinfo": Self.unified, "proc/7/cgroup": "0::\(Self.pod)/cri-containerd-1.scope\n",
            "\(container)/memory.current": "486539264\n", "\(container)/memory.max": "536870912\n",
            "\(container)/pids.max": "100\n", "\(container)/pids.current": "90\n",
            "\(group)/memory.current": "490000000\n", "\(group)/memory.max": "1073741824\n",
            "\(group)/pids.max": "max\n", "\(group)/pids.current": "95\n",
            // Without a limit of its own, as slices usually are.
            "sys/fs/cgroup/kubepods.slice/memory.current": "990000000\n",
            "sys/fs/cgroup/kubepods.slice/memory.max": "max\n",
        ]
        change(&files)
        try withTree(files, body)
    }

    private func withTree(_ files: [String: String], _ body: (CgroupTree) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            for (path, text) in files {
                let file = URL(fileURLWithPath: directory.path + "/" + path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            try body(CgroupTree(prefix: directory.path))
        }
    }

    @Test func tasksOfBothVersions() throws {
        try withPod { #expect($0.taskRoom(of: 7)?.left == 10) }
        let first = [
            "proc/self/mountinfo": "42 32 0:35 /docker/1 /sys/fs/cgroup/pids ro shared:20 - cgroup cgroup rw,pids\n",
            "proc/7/cgroup": "5:pids:/docker/1\n0::/\n",
            "sys/fs/cgroup/pids/pids.max": "20\n", "sys/fs/cgroup/pids/pids.current": "20\n",
        ]
        try withTree(first) { #expect($0.taskRoom(of: 7)?.left == 0) }
        try withTree(["proc/self/mountinfo": "24 1 0:22 / /sys rw - sysfs sysfs rw\n"]) {
            #expect($0.taskRoom(of: 7) == nil)
        }
    }

    /// The highest group above the process's own that may be written to: what limits that limits the copy.
    @Test func theCopysGroupIsMadeAsHighAsMayBe() throws {
        let writable = { (files: inout [String: String]) in
            for directory in ["", "/kubepods.slice", Self.pod] { files["sys/fs/cgroup\(directory)/cgroup.procs"] = "" }
        }
        try withPod(writable) { tree in
            let place = try #require(DumpGroupPlace.find(apartFrom: 7, in: tree))
            #expect(place.parent == tree.prefix + "/sys/fs/cgroup")
            #expect(place.groups.isEmpty)
        }
        // Delegated from the pod's group on.
        try withPod({ $0["sys/fs/cgroup\(Self.pod)/cgroup.procs"] = "" }) { tree in
            let place = try #require(DumpGroupPlace.find(apartFrom: 7, in: tree))
            #expect(place.parent == tree.prefix + "/sys/fs/cgroup\(Self.pod)")
            #expect(place.groups.map(\.limit) == [1_073_741_824, nil])
        }
        // A group below the process's own would be charged to that as well.
        try withPod({ $0["sys/fs/cgroup\(Self.pod)/cri-containerd-1.scope/cgroup.procs"] = "" }) { tree in
            #expect(DumpGroupPlace.find(apartFrom: 7, in: tree) == nil)
        }
    }

    /// From a container whose cgroup namespace begins at another group: what the process is in cannot be left from there.
    @Test(arguments: [true, false])
    func noPlaceIsSeenFromASidecar(isListed: Bool) throws {
        let change = { (files: inout [String: String]) in
            let group = "sys/fs/cgroup\(Self.pod)/cri-containerd-1.scope/"
            for (path, text) in files where path.hasPrefix(group) {
                files["proc/7/root/sys/fs/cgroup/" + path.dropFirst(group.count)] = text
            }
            files["proc/7/cgroup"] = "0::/../cri-containerd-1.scope\n"
            files["proc/7/root/sys/fs/cgroup/cgroup.procs"] = isListed ? "1\n7\n" : "1\n70\n"
        }
        try withPod(change) { #expect(DumpGroupPlace.find(apartFrom: 7, in: $0) == nil) }
    }
}
