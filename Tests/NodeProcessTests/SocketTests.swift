import Glibc
import Linux
import Testing

@testable import NodeProcess

@Suite(.enabled(if: TestNode.isAvailable, Comment(rawValue: TestNode.skipReason)))
struct SocketTests {
    private static func server(_ host: String) -> String {
        "const s = require('net').createServer(c => { c.on('error', () => {}); }); "
            + "s.listen(0, '\(host)', () => console.log(s.address().port));"
    }

    @Test(arguments: ["127.0.0.1", "::1", "0.0.0.0", "::"])
    func listenersOfAProcess(_ host: String) throws {
        try Child.withNode(script: Self.server(host)) { child, line in
            try Child.withNode { other, _ in
                let port = try #require(UInt16(line))
                let handle = try ProcessHandle(pid: child.pid)
                let owned = try ListeningSockets.owned(by: handle)
                #expect(owned.map(\.port) == [port])
                let socket = try #require(owned.first)
                #expect(socket.address == host)
                #expect(socket.isIPv6 == host.contains(":"))
                #expect(socket.isLoopbackOrWildcard)
                #expect(try ListeningSockets.all(inNamespaceOf: handle).contains(socket))
                #expect(try ListeningSockets.owned(by: ProcessHandle(pid: other.pid)).isEmpty)
                #expect(SocketOwner.find(inode: socket.inode) == child.pid)
                #expect(SocketOwner.describe(inode: socket.inode)?.command.contains("node") == true)
                #expect(SocketOwner.find(inode: .max) == nil)
                var seen = 0
                #expect(try !SocketDescriptors.contain(.max, of: child.pid, atMost: 3, seen: &seen))
                #expect(seen == 3)
                #expect(SocketOwner.find(inode: 0) == nil)
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"])
    func theKernelTellsWhatItsTableHas(_ host: String) throws {
        try Child.withNode(script: Self.server(host)) { child, line in
            let port = try #require(UInt16(line))
            let handle = try ProcessHandle(pid: child.pid)
            let inode = try #require(try ListeningSockets.owned(by: handle).first).inode
            let table = try ListeningSockets.inTable(of: child.pid).filter { $0.inode == inode }
            let told = try #require(SocketDiagnosis.listening()).filter { $0.inode == inode }
            #expect(table.map(\.port) == [port])
            #expect(told == table)
        }
    }

    @Test func theKernelTellsMoreSocketsThanOneMessageHolds() throws {
        let count = 1000
        let script =
            "const s = []; let left = \(count); const done = () => --left || console.log('ready'); "
            + "for (let i = 0; i < \(count); i++) s.push(require('net').createServer().listen(0, '127.0.0.1', done));"
        try Child.withNode(script: script) { child, _ in
            let inodes = try SocketDescriptors.inodes(of: child.pid)
            let told = try #require(SocketDiagnosis.listening()).filter { inodes.contains($0.inode) }
            #expect(told.count == count)
            #expect(Set(told) == Set(try ListeningSockets.inTable(of: child.pid).filter { inodes.contains($0.inode) }))
        }
    }

    @Test(arguments: ["127.0.0.1", "::1", "::"])
    func connectionIsProvenForTheRightProcessOnly(_ host: String) throws {
        try Child.withNode(script: Self.server(host)) { child, line in
            try Child.withNode(script: Self.server(host)) { other, _ in
                let port = try #require(UInt16(line))
                let handle = try ProcessHandle(pid: child.pid)
                let otherHandle = try ProcessHandle(pid: other.pid)
                // The wildcard is reached over IPv4 here: the server's end then has a mapped address.
                let address: IPAddress = host == "::1" ? .loopbackV6 : .loopbackV4
                let client = try Self.connect(to: port, address, in: handle)
                let proven = try eventually { try ConnectionProof.isServerSide(of: handle, client: client.raw) }
                #expect(proven)
                #expect(try !ConnectionProof.isServerSide(of: otherHandle, client: client.raw))
                #expect(try !ConnectionProof.isServerSide(of: handle, serverPort: port, clientPort: port))
                let flags = fcntl(client.raw, F_GETFD)
                #expect(flags & FD_CLOEXEC != 0)
            }
        }
    }

    private static func connect(
        to port: UInt16, _ address: IPAddress = .loopbackV4, in handle: ProcessHandle
    ) throws -> Descriptor {
        let socket = ListeningSocket(ipAddress: address, port: port, inode: 0)
        return try Connecting.connect(to: socket, of: handle, own: OwnConnections(), sleep: BoundedLook.sleep)
    }

    /// Sockets of a process that never accepts, and whose queues are full, beside one that does.
    @Test func fullQueuesHoldNobodyUp() throws {
        let script =
            "const net = require('net'); const full = []; let left = 20; "
            + "const done = (s) => { if (s) full.push(s.address().port); if (!--left) next(); }; "
            + "for (let i = 0; i < 20; i++) { const s = net.createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => done(s)); } "
            + "const next = () => { const s = net.createServer(c => c.on('error', () => {})).listen(0, '127.0.0.1', () => { "
            + "console.log([s.address().port, ...full].join(' ')); }); };"
        try Child.withNode(script: script) { child, line in
            let ports = line.split(separator: " ").compactMap { UInt16($0) }
            try #require(ports.count == 21)
            let handle = try ProcessHandle(pid: child.pid)
            // Stopped, it accepts nothing: two connections fill a queue of one.
            Glibc.kill(child.pid, SIGSTOP)
            let own = OwnConnections()
            let full = ports.dropFirst().map { ListeningSocket(ipAddress: .loopbackV4, port: $0, inode: 0) }
            var held: [Connection] = []
            for _ in 0..<4 {
                held += try full.map {
                    Connection(try TargetNetwork.beginConnecting(to: $0.port, host: $0.connectAddress, in: handle))
                }
            }
            defer { withExtendedLifetime(held) {} }
            var sleeps: [Duration] = []
            let free = ListeningSocket(ipAddress: .loopbackV4, port: ports[0], inode: 0)
            let results = try Connecting.connect(to: full + [free], of: handle, own: own) {
                sleeps.append($1)
                BoundedLook.sleep($0, $1)
            }
            let connected = results.compactMap { try? $0.get() }
            #expect(connected.count == 1)
            #expect((try? results.last?.get()) != nil)
            // Once for all of them, and not once for each.
            #expect(sleeps.allSatisfy { $0 <= .seconds(1) })
            #expect(sleeps.count < 10)
            struct Interrupted: Error {}
            #expect(throws: Interrupted.self) {
                try Connecting.connect(to: full, of: handle, own: own) { _, _ in throw Interrupted() }
            }
        }
    }

    @Test func refusedConnection() throws {
        // Bound but not listening: nobody else can take the port, and nobody answers.
        let socket = Descriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let bound = IPAddress.loopbackV4.withSocketAddress(port: 0) { Glibc.bind(socket.raw, $1, $2) }
        try #require(bound == 0)
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { buffer in
                buffer.baseAddress.map { getsockname(socket.raw, $0, &length) }
            }
        }
        try #require(named == 0)
        let port = try #require(IPAddress.parse(storage)).port
        let expected = ProcessError.notConnected(address: "127.0.0.1", port: port, errno: ECONNREFUSED)
        #expect(throws: expected) {
            _ = try Self.connect(to: port, in: ProcessHandle(pid: getpid()))
        }
    }

    @Test(.enabled(if: TestNode.isRoot, "only root may make a network namespace"))
    func otherNetworkNamespace() throws {
        let node = try #require(TestNode.path)
        let program =
            "process.stdin.resume(); process.stdin.on('end', () => process.exit());" + Self.server("127.0.0.1")
        let shell = "ip link set lo up && exec '\(node)' -e \"\(program)\""
        try Child.with(["unshare", "-n", "sh", "-c", shell]) { child in
            let port = try #require(UInt16(try child.line()))
            let handle = try ProcessHandle(pid: child.pid)
            let target = try TargetProcess.read(handle)
            #expect(target.isInOtherNetworkNamespace)
            #expect(!target.isInOtherMountNamespace)
            let before = try readLink("/proc/self/ns/net")
            let client = try Self.connect(to: port, in: handle)
            let proven = try eventually { try ConnectionProof.isServerSide(of: handle, client: client.raw) }
            #expect(proven)
            #expect(try ListeningSockets.owned(by: handle).map(\.port) == [port])
            #expect(try readLink("/proc/self/ns/net") == before)
            #expect(try readLink("/proc/thread-self/ns/net") == before)
        }
    }
}
