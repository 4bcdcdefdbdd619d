import Linux

/// What a thread waits for in the kernel.
package struct ThreadWait: Sendable, Equatable {
    /// Name of the system call.
    package var call: String
    /// The descriptor that it was given.
    package var descriptor: Int32?
    /// What the descriptor leads to: a path, `pipe`, `socket`.
    package var target: String?
    /// Of a TCP socket: `10.0.0.1:5432`.
    package var peer: String?
    /// The child processes that it waits for.
    package var children: [Child] = []

    package struct Child: Sendable, Equatable {
        package let pid: Int32
        /// Its arguments.
        package let command: String

        package init(pid: Int32, command: String) {
            self.pid = pid
            self.command = command
        }
    }

    package init(
        call: String, descriptor: Int32? = nil, target: String? = nil, peer: String? = nil, children: [Child] = []
    ) {
        self.call = call
        self.descriptor = descriptor
        self.target = target
        self.peer = peer
        self.children = children
    }

    /// `read(fd 7 → /srv/x)`.
    package var text: String {
        if let first = children.first {
            let more = children.count > 1 ? " and \(children.count - 1) more" : ""
            return "child \(first.pid): \(first.command)\(more)"
        }
        guard let descriptor else { return target.map { "\(call)(\($0))" } ?? call }
        let place = [target, peer.map { "to \($0)" }].compactMap { $0 }.joined(separator: " ")
        return place.isEmpty ? "\(call)(fd \(descriptor))" : "\(call)(fd \(descriptor) → \(place))"
    }
}

extension ThreadWait {
    /// Looks at what a system call was given.
    /// - Returns: nil if the thread is in none.
    /// - Parameter startsProgram: whether it runs a child and waits for its end, as execSync does in a loop of its own.
    package init?(_ stack: ThreadStack, of pid: Int32, startsProgram: Bool) {
        guard let number = stack.systemCall else { return nil }
        self.init(call: SystemCallName.of(number))
        if startsProgram {
            // The one that was started last: others may run beside.
            children = Self.children(of: pid, thread: stack.thread).suffix(1)
            return
        }
        let arguments = stack.arguments
        if let path = stack.path {
            target = path
        } else if Self.takesDescriptor.contains(call),
            let raw = arguments.first.flatMap({ Int32(truncatingIfNeeded: $0) }), raw >= 0
        {
            descriptor = raw
            look(at: raw, of: pid)
        } else if call == "wait4" || call == "waitid" {
            // wait4 is given the child or -1; waitid a kind, 1 for one child, and then the child.
            let given = call == "wait4" ? arguments.first : arguments.first == 1 ? arguments.dropFirst().first : nil
            let child = given.map { Int32(truncatingIfNeeded: $0) } ?? -1
            children = child > 0 ? [Self.child(child)] : Self.children(of: pid, thread: stack.thread)
        }
    }

    /// The calls whose first argument is a descriptor that they wait for. Not epoll's: those wait for many.
    private static let takesDescriptor: Set<String> = [
        "read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "pwritev", "connect", "accept", "accept4",
        "sendto", "recvfrom", "sendmsg", "recvmsg", "flock", "fcntl", "fsync", "fdatasync", "close", "ioctl",
        "fallocate",
        "ftruncate", "sendfile", "sync_file_range", "getdents64",
    ]

    private mutating func look(at raw: Int32, of pid: Int32) {
        guard let link = try? ProcFile(pid, "fd/\(raw)").link() else { return }
        if link.hasPrefix("pipe:") {
            target = "pipe"
        } else if link.hasPrefix("socket:["), let inode = UInt64(link.dropFirst("socket:[".count).dropLast()) {
            target = "socket"
            try? SocketTable.forEachRow(inNamespaceOf: pid) { row in
                guard row.inode == inode else { return true }
                let host = row.remote.description.contains(":") ? "[\(row.remote)]" : "\(row.remote)"
                peer = "\(host):\(row.remotePort)"
                return false
            }
        } else {
            target = link
        }
    }

    private static func children(of pid: Int32, thread: Int32) -> [Child] {
        let text = (try? ProcFile(pid, "task/\(thread)/children").text()) ?? ""
        return text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }.map { child($0) }
    }

    private static func child(_ pid: Int32) -> Child {
        let arguments = (try? ProcessArguments.read(pid))?.texts ?? []
        let name = arguments.isEmpty ? (try? ProcessStatus.read(pid))?.name : nil
        return Child(pid: pid, command: name ?? arguments.joined(separator: " "))
    }
}
