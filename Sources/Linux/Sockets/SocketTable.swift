/// One row of /proc/PID/net/tcp or tcp6.
package struct SocketRow: Equatable {
    package static let established: UInt8 = 0x01
    package static let listen: UInt8 = 0x0A

    package let local: IPAddress
    package let localPort: UInt16
    package let remote: IPAddress
    package let remotePort: UInt16
    package let state: UInt8
    /// 0 while no descriptor holds the socket: a connection waits to be accepted, or is past its end.
    package let inode: UInt64

    /// `nil` for the heading, and for what else is no row.
    package init?(_ line: UnsafeRawBufferPointer) {
        var cursor = ByteCursor(line)
        cursor.skipSpaces()
        guard cursor.decimal() != nil, cursor.skip(UInt8(ascii: ":")),
            let (local, localPort) = Self.endpoint(&cursor),
            let (remote, remotePort) = Self.endpoint(&cursor)
        else { return nil }
        cursor.skipSpaces()
        guard let state = cursor.hexadecimal().flatMap({ UInt8(exactly: $0) }) else { return nil }
        // Queues, timer, retransmissions, uid, timeout.
        for _ in 0..<5 { cursor.skipField() }
        guard let inode = cursor.decimal() else { return nil }
        self.local = local
        self.localPort = localPort
        self.remote = remote
        self.remotePort = remotePort
        self.state = state
        self.inode = inode
    }

    /// The kernel prints each 32-bit word of an address as a number, network order in memory; ports are numbers.
    private static func endpoint(_ cursor: inout ByteCursor) -> (IPAddress, UInt16)? {
        cursor.skipSpaces()
        guard let first = cursor.hexadecimalWord() else { return nil }
        let address: IPAddress
        if let second = cursor.hexadecimalWord() {
            guard let third = cursor.hexadecimalWord(), let fourth = cursor.hexadecimalWord() else { return nil }
            address = IPAddress(v6: [first, second, third, fourth])
        } else {
            address = IPAddress(v4: first)
        }
        guard cursor.skip(UInt8(ascii: ":")), let port = cursor.hexadecimal().flatMap({ UInt16(exactly: $0) }) else {
            return nil
        }
        return (address, port)
    }
}

/// The TCP sockets of a process's network namespace, row by row: there may be hundreds of thousands.
package enum SocketTable {
    /// - Parameter body: returns false to see no more.
    package static func forEachRow(inNamespaceOf pid: Int32, _ body: (SocketRow) -> Bool) throws(LinuxError) {
        var goesOn = true
        for name in ["net/tcp", "net/tcp6"] where goesOn {
            do throws(LinuxError) {
                try ProcFile(pid, name).forEachLine { line in
                    if let row = SocketRow(line) { goesOn = body(row) }
                    return goesOn
                }
            } catch {
                // A kernel without IPv6 has no such file; whether the process has ended, the caller looks at afterwards.
                guard name == "net/tcp6", error.isAbsence else { throw error }
            }
        }
    }
}
