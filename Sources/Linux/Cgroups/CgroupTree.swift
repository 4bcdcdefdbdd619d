/// The control groups as /proc and the mounts show them.
package struct CgroupTree {
    /// Before every path: a recorded tree's directory. Empty for this machine.
    package let prefix: String

    package init(prefix: String = "") {
        self.prefix = prefix
    }

    package func memoryGroups(of pid: Int32) -> MemoryGroups {
        switch place(of: pid, controller: "memory") {
        case .none: return MemoryGroups()
        case .hidden: return MemoryGroups(areHidden: true)
        case .directory(let directory, let top, let hierarchy):
            return MemoryGroups(MemoryGroup.read(from: directory, to: top, hierarchy))
        }
    }

    package enum Place: Equatable {
        /// The kernel has no memory controller, or it is in use nowhere.
        case none
        case hidden
        /// `top`: the highest directory that can be seen.
        case directory(String, top: String, MemoryGroup.Hierarchy)
    }

    /// The group that a controller has a process in.
    package func place(of pid: Int32, controller: String) -> Place {
        let memberships = CgroupFile("\(prefix)/proc/\(pid)/cgroup").text.split(separator: "\n").compactMap {
            Membership($0)
        }
        let mounts = CgroupFile("\(prefix)/proc/self/mountinfo").text.split(separator: "\n").compactMap {
            CgroupMount($0)
        }
        // A controller is in one hierarchy: where the first version has it, the second one has not.
        let first = memberships.first { $0.controllers.contains(Substring(controller)) }
        guard let membership = first ?? memberships.first(where: { $0.isUnified }) else { return .none }
        let hierarchy = first == nil ? MemoryGroup.Hierarchy.v2 : .v1
        for mount in mounts where mount.hierarchy == hierarchy && (hierarchy == .v2 || mount.has(controller)) {
            guard let below = mount.below(membership.path) else { continue }
            let top = prefix + mount.point
            return .directory(top + below, top: top, hierarchy)
        }
        return placeInItsOwnView(pid, controller, hierarchy) ?? .hidden
    }

    /// A container's own mount shows its group as the root. Whether it is that group, the list of its processes tells, and
    /// `CgroupFile` that the kernel has written it.
    private func placeInItsOwnView(
        _ pid: Int32, _ controller: String, _ hierarchy: MemoryGroup.Hierarchy
    ) -> Place? {
        let root = "\(prefix)/proc/\(pid)/root/sys/fs/cgroup"
        let directory = hierarchy == .v2 ? root : "\(root)/\(controller)"
        let members = CgroupFile(directory + "/cgroup.procs").text.split(separator: "\n")
        guard members.contains(Substring(String(pid))) else { return nil }
        return .directory(directory, top: directory, hierarchy)
    }

    /// A group's directory and those above it, the lowest first.
    package static func path(from directory: String, to top: String) -> [String] {
        var result = [directory]
        while let last = result.last, last != top, let slash = last.lastIndex(of: "/"), last.hasPrefix(top) {
            result.append(String(last[..<slash]))
        }
        return result
    }

    /// A line of /proc/PID/cgroup: number:controllers:path.
    private struct Membership {
        let isUnified: Bool
        let controllers: [Substring]
        let path: Substring

        init?(_ line: Substring) {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            isUnified = parts[0] == "0" && parts[1].isEmpty
            controllers = parts[1].split(separator: ",")
            path = parts[2]
        }
    }
}
