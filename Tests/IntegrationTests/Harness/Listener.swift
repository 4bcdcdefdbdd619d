import Foundation

/// A listening TCP socket, as the kernel tells it: the tests believe nothing that heapdump's own code has read.
struct Listener: Hashable {
    let port: Int
    let inode: Int

    /// Those that a process holds.
    static func held(by pid: pid_t) -> Set<Listener> {
        let descriptors = "/proc/\(pid)/fd/"
        let inodes = ((try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? [])
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: descriptors + $0) }
            .filter { $0.hasPrefix("socket:[") }
            .compactMap { Int($0.dropFirst("socket:[".count).dropLast()) }
        return all(inNamespaceOf: String(pid)).filter { inodes.contains($0.inode) }
    }

    static func isAnyone(on port: Int) -> Bool {
        all(inNamespaceOf: "self").contains { $0.port == port }
    }

    /// One that nobody listens on, of those that the kernel gives to nobody by itself: a test beside this one cannot get it
    /// before it is used.
    static func freePort() throws -> Int {
        let used = Set(all(inNamespaceOf: "self").map(\.port))
        guard let port = (10_000..<32_000).shuffled().first(where: { !used.contains($0) }) else {
            throw Failure("no port is free")
        }
        return port
    }

    /// Listens on it itself.
    static func whileTaken<Result>(port: UInt16, _ body: () throws -> Result) throws -> Result {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        // Connections of the socket that was there before may linger.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, listen(descriptor, 1) == 0 else { throw Failure("port \(port): errno \(errno)") }
        return try body()
    }

    private static func all(inNamespaceOf process: String) -> Set<Listener> {
        let tables = ["tcp", "tcp6"].compactMap { table in
            try? String(contentsOfFile: "/proc/\(process)/net/\(table)", encoding: .utf8)
        }
        return Set(tables.flatMap { $0.split(separator: "\n").dropFirst() }.compactMap { Listener(row: $0) })
    }

    private init?(row: Substring) {
        let fields = row.split(separator: " ")
        // 0A is TCP_LISTEN.
        guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":"),
            let port = Int(fields[1][colon...].dropFirst(), radix: 16), let inode = Int(fields[9])
        else { return nil }
        self.port = port
        self.inode = inode
    }
}
