extension CgroupTree {
    /// Whether a cgroup of either version that the process is in, or one above it, keeps it from running, or is about to.
    package func isFrozen(_ pid: Int32) -> Bool {
        // No controller of the first version has an empty name: this is the group of the unified hierarchy.
        directories(of: pid, controller: "").contains { directory in
            // `frozen` is 1 as soon as all processes stand still, whichever group above asked for it; until then the
            // request shows.
            CgroupFile(directory + "/cgroup.events").lines.contains("frozen 1")
                || CgroupFile(directory + "/cgroup.freeze").number == 1
        }
            || directories(of: pid, controller: "freezer").contains { directory in
                ["FROZEN", "FREEZING"].contains(CgroupFile(directory + "/freezer.state").lines.first)
            }
    }

    /// A controller's group of a process, and those above it as far as they can be seen.
    private func directories(of pid: Int32, controller: String) -> [String] {
        guard case .directory(let directory, let top, _) = place(of: pid, controller: controller) else { return [] }
        return Self.path(from: directory, to: top)
    }
}

extension CgroupFile {
    fileprivate var lines: [Substring] { text.split(separator: "\n") }
}
