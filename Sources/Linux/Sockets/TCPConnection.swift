import CLinux
import Glibc

/// One end of a TCP connection, as sock_diag(7) tells of it.
package struct TCPConnection {
    package let local: Endpoint
    package let remote: Endpoint
    package let uid: UInt32
    /// 0 where no process has it any more.
    package let inode: UInt64

    fileprivate init(_ message: inet_diag_msg) {
        let isIPv6 = Int32(message.idiag_family) == AF_INET6
        local = Endpoint(message.id.idiag_src, isIPv6: isIPv6, port: message.id.idiag_sport)
        remote = Endpoint(message.id.idiag_dst, isIPv6: isIPv6, port: message.id.idiag_dport)
        uid = message.idiag_uid
        inode = UInt64(message.idiag_inode)
    }

    /// All that have been connections; closed ones stay for a minute where they were closed in order. Not SYN_SENT, SYN_RECV, LISTEN.
    private static let states = UInt32(0xFFF) & ~(1 << 2 | 1 << 3 | 1 << 10)

    /// Reads those of a network namespace. What it got where the kernel tells of no more is all that `body` is shown.
    /// - Parameters:
    ///   - table: a socket of `clinux_diag_socket`.
    ///   - localPort: 0 for any.
    ///   - remotePort: 0 for any.
    package static func read(
        _ table: borrowing Descriptor, localPort: UInt16 = 0, remotePort: UInt16 = 0, _ body: (TCPConnection) -> Void
    ) {
        for family in [AF_INET, AF_INET6] {
            var filter = clinux_tcp_filter(
                family: UInt8(family), states: states, local_port: localPort, remote_port: remotePort)
            let raw = table.raw
            withVisitor(body) { visit, context in _ = clinux_tcp_sockets(raw, &filter, visit, context) }
        }
    }

    /// Takes those that have ended since `clinux_watch_tcp_ends`.
    package static func takeEnds(_ ends: Int32, _ body: (TCPConnection) -> Void) {
        withVisitor(body) { visit, context in clinux_take_tcp_ends(ends, visit, context) }
    }

    private typealias Visit = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<inet_diag_msg>?) -> Void

    private static func withVisitor(
        _ body: (TCPConnection) -> Void, _ run: (Visit, UnsafeMutableRawPointer) -> Void
    ) {
        withoutActuallyEscaping(body) { body in
            var visitor = body
            withUnsafeMutablePointer(to: &visitor) { visitor in
                run(
                    { context, message in
                        guard let message,
                            let visitor = context?.assumingMemoryBound(to: ((TCPConnection) -> Void).self)
                        else { return }
                        visitor.pointee(TCPConnection(message.pointee))
                    }, visitor)
            }
        }
    }
}
