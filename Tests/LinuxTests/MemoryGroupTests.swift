import Foundation
import Linux
import Testing

/// Control groups as recorded trees of /proc and /sys/fs/cgroup show them: of machines that this one is not.
@Suite struct MemoryGroupTests {
    /// Writes a tree of files, and removes it with the scope.
    private func withTree<Result>(
        _ files: [String: String], _ body: (CgroupTree) throws -> Result
    ) throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("cgroups-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        for (path, text) in files {
            let file = directory.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try body(CgroupTree(prefix: directory.path))
    }

    /// A container may have a file of any kind where its group is looked for, and anything may be a file of a group.
    @Test func waitsForNoWriterOfAFIFO() throws {
        let files = [
            "proc/self/mountinfo": "24 1 0:22 / /sys rw - sysfs sysfs rw\n", "proc/7/cgroup": "0::/elsewhere\n",
            "proc/7/root/sys/fs/cgroup/memory.max": "1000\n",
        ]
        try withTree(files) { tree in
            try #require(mkfifo(tree.prefix + "/proc/7/root/sys/fs/cgroup/cgroup.procs", 0o600) == 0)
            #expect(tree.place(of: 7, controller: "memory") == .hidden)
        }
    }

    /// Files of ours that its links lead to from here, and not from there.
    @Test(arguments: ["/outside", "../../../../../outside", "memory.link"])
    func linksOfAContainerStayInIt(target: String) throws {
        let files = [
            "proc/self/mountinfo": "24 1 0:22 / /sys rw - sysfs sysfs rw\n", "proc/7/cgroup": "0::/elsewhere\n",
            "proc/7/root/sys/fs/file": "", "outside/cgroup.procs": "7\n",
        ]
        try withTree(files) { tree in
            let target = target == "/outside" ? tree.prefix + target : target
            try #require(symlink(target, tree.prefix + "/proc/7/root/sys/fs/cgroup") == 0)
            #expect(tree.place(of: 7, controller: "memory") == .hidden)
        }
    }

    /// What a process has put where its control group's files are looked for is not the kernel's word.
    @Test func filesBelowAProcessesRootAreTheKernels() throws {
        let directory = NSTemporaryDirectory() + "forged-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let root = "/proc/\(getpid())/root"
        let forged = directory + "/cgroup.procs"
        try Data("7\n".utf8).write(to: URL(fileURLWithPath: forged))
        #expect(CgroupFile(forged).exists)
        #expect(!CgroupFile(root + forged).exists)
        try #require(mkfifo(directory + "/fifo", 0o600) == 0)
        #expect(!CgroupFile(root + directory + "/fifo").exists)
        for file in ["/dev/zero", "/proc/self/stat", "/proc/\(getpid())/root/etc/passwd"] {
            #expect(!CgroupFile(root + file).exists)
        }
        if case .directory(let group, _, _) = CgroupTree().place(of: getpid(), controller: "memory") {
            #expect(CgroupFile(root + group + "/cgroup.procs").exists)
        }
    }

    private let unified =
        "34 24 0:29 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private let pod = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice"

    /// A pod of Kubernetes: the limit is the container's, and the pod's above it is wider.
    private func podFiles(_ change: (inout [String: String]) -> Void = { _ in }) -> [String: String] {
        let group = "sys/fs/cgroup\(pod)"
        let container = group + "/cri-containerd-1.scope"
        var files = [
            "proc/self/mountinfo": "24 1 0:22 / /sys rw - sysfs sysfs rw\n" + unified,
            "proc/7/cgroup": "0::\(pod)/cri-containerd-1.scope\n",
            "\(container)/memory.current": "486539264\n",
            "\(container)/memory.max": "536870912\n",
            "\(container)/memory.high": "max\n",
            "\(container)/memory.oom.group": "1\n",
            "\(container)/memory.swap.current": "0\n",
            "\(container)/memory.swap.max": "0\n",
            "\(container)/memory.stat": """
            anon 400000000
            file 80000000
            file_mapped 10000000
            file_dirty 2000000
            file_writeback 1000000
            inactive_anon 0
            active_anon 400000000
            inactive_file 50000000
            active_file 30000000
            slab_reclaimable 2000000

            """,
            "\(group)/memory.current": "490000000\n",
            "\(group)/memory.max": "1073741824\n",
            "\(group)/memory.high": "900000000\n",
            "\(group)/memory.oom.group": "0\n",
            "\(group)/memory.stat": "inactive_file 0\nactive_file 0\n",
            // Without a limit of its own, as slices mostly are.
            "sys/fs/cgroup/kubepods.slice/memory.current": "990000000\n",
            "sys/fs/cgroup/kubepods.slice/memory.max": "max\n",
        ]
        change(&files)
        return files
    }

    @Test func aPodOfTheSecondVersion() throws {
        try withTree(podFiles()) { tree in
            let groups = tree.memoryGroups(of: 7)
            #expect(!groups.areHidden)
            #expect(groups.groups.map(\.limit) == [536_870_912, 1_073_741_824, nil])
            let own = try #require(groups.groups.first)
            #expect(own.hierarchy == .v2)
            #expect(own.killsAllTogether)
            #expect(own.usage == 486_539_264)
            // The page cache without what is mapped, changed or being written.
            #expect(own.reclaimable == 80_000_000 - 13_000_000)
            #expect(own.headroom == 536_870_912 - (486_539_264 - 67_000_000))
            #expect(own.swapHeadroom == 0)
            // memory.high slows the group down to nothing well before the limit.
            #expect(groups.groups[1].headroom == 900_000_000 - 490_000_000)
            #expect(!groups.groups[1].killsAllTogether)
            #expect(groups.groups[2].headroom == nil)
        }
    }

    /// The same pod from a container whose cgroup namespace begins at another group: nothing to be seen through our mount,
    /// but the target's own mount shows it, if the process is in its list.
    @Test(arguments: [true, false])
    func aPodSeenFromASidecar(isListed: Bool) throws {
        let files = podFiles { files in
            let group = "sys/fs/cgroup\(pod)/cri-containerd-1.scope/"
            for (path, text) in files where path.hasPrefix(group) {
                files["proc/7/root/sys/fs/cgroup/" + path.dropFirst(group.count)] = text
            }
            files["proc/7/cgroup"] = "0::/../cri-containerd-1.scope\n"
            files["proc/7/root/sys/fs/cgroup/cgroup.procs"] = isListed ? "1\n7\n" : "1\n70\n"
        }
        try withTree(files) { tree in
            let groups = tree.memoryGroups(of: 7)
            #expect(groups.areHidden == !isListed)
            #expect(groups.groups.map(\.limit) == (isListed ? [536_870_912] : []))
        }
    }

    /// Docker with the first version: the container's own part of each hierarchy is mounted into it.
    @Test func aContainerOfTheFirstVersion() throws {
        let id = "0123456789abcdef"
        let files = [
            "proc/self/mountinfo": """
            40 32 0:33 /docker/\(id) /sys/fs/cgroup/memory ro,nosuid shared:18 - cgroup cgroup rw,memory
            41 32 0:34 /docker/\(id) /sys/fs/cgroup/cpu,cpuacct ro,nosuid shared:19 - cgroup cgroup rw,cpu,cpuacct
            42 32 0:35 /docker/\(id) /sys/fs/cgroup/pids ro,nosuid shared:20 - cgroup cgroup rw,pids

            """,
            "proc/7/cgroup": "5:pids:/docker/\(id)\n4:memory:/docker/\(id)/job\n3:cpu,cpuacct:/docker/\(id)\n0::/\n",
            "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "100000000\n",
            "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "200000000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "268435456\n",
            "sys/fs/cgroup/memory/memory.memsw.usage_in_bytes": "210000000\n",
            "sys/fs/cgroup/memory/memory.memsw.limit_in_bytes": "536870912\n",
            "sys/fs/cgroup/memory/memory.stat": """
            inactive_file 1
            total_inactive_file 30000000
            total_active_file 20000000
            total_mapped_file 5000000
            total_dirty 0
            total_writeback 0

            """,
        ]
        try withTree(files) { tree in
            let groups = tree.memoryGroups(of: 7).groups
            #expect(groups.map(\.limit) == [nil, 268_435_456])
            #expect(groups.map(\.hierarchy) == [.v1, .v1])
            #expect(groups[1].headroom == 268_435_456 - 155_000_000)
            // Memory and swap have a limit together.
            #expect(groups[1].swapHeadroom == 536_870_912 - 268_435_456 - 10_000_000)
        }
    }

    @Test func aMachineWithoutControlGroups() throws {
        try withTree(["proc/self/mountinfo": "24 1 0:22 / /sys rw - sysfs sysfs rw\n"]) { tree in
            #expect(tree.memoryGroups(of: 7) == MemoryGroups())
        }
        // In the hierarchy's root there are no limits, and no files.
        try withTree(["proc/self/mountinfo": unified, "proc/7/cgroup": "0::/\n"]) { tree in
            #expect(tree.memoryGroups(of: 7) == MemoryGroups())
        }
    }

    @Test func theMachinesMemory() {
        let text = """
            MemTotal:       24683940 kB
            MemAvailable:   23960540 kB
            SwapFree:        1048576 kB
            CommitLimit:    12342040 kB
            Committed_AS:     628228 kB

            """
        let relaxed = HostMemory(meminfo: text, overcommits: true)
        #expect(relaxed.available == 23_960_540 << 10)
        #expect(relaxed.freeSwap == 1 << 30)
        #expect(relaxed.commitHeadroom == nil)
        #expect(HostMemory(meminfo: text, overcommits: false).commitHeadroom == (12_342_040 - 628_228) << 10)
        #expect(HostMemory(meminfo: "", overcommits: true) == HostMemory())
        #expect(HostMemory.read().available ?? 0 > 0)
    }

    @Test func hostileNumbersOverflowNothing() {
        var group = MemoryGroup(hierarchy: .v2, directory: "/x", limit: 0, usage: .max, reclaimable: .max)
        #expect(group.headroom == 0)
        group.limit = .max
        group.usage = 5
        #expect(group.headroom == .max)
    }
}
