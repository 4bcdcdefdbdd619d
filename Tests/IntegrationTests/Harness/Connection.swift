import Foundation

/// One end of a TCP connection over IPv4, as the kernel tells it.
struct Connection {
    let localPort: Int
    let remotePort: Int
    private let state: String
    private let inode: Int

    /// Those that a process holds.
    static func held(by pid: pid_t) -> [Connection] {
        let descriptors = "/proc/\(pid)/fd/"
        let inodes = ((try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? [])
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: descriptors + $0) }
            .filter { $0.hasPrefix("socket:[") }
            .compactMap { Int($0.dropFirst("socket:[".count).dropLast()) }
        return all().filter { inodes.contains($0.inode) && $0.remotePort != 0 }
    }

    /// On this machine too; nil where it is gone.
    var otherEnd: Connection? { Self.all().first { $0.localPort == remotePort && $0.remotePort == localPort } }

    /// TCP_ESTABLISHED: neither end has closed it.
    var isOpenAtBothEnds: Bool { state == "01" }

    private static func all() -> [Connection] {
        let table = (try? String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8)) ?? ""
        return table.split(separator: "\n").dropFirst().compactMap { Connection(row: $0) }
    }

    private init?(row: Substring) {
        let fields = row.split(separator: " ")
        guard fields.count > 9, let inode = Int(fields[9]), let local = Self.port(fields[1]),
            let remote = Self.port(fields[2])
        else { return nil }
        localPort = local
        remotePort = remote
        state = String(fields[3])
        self.inode = inode
    }

    private static func port(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }
}
