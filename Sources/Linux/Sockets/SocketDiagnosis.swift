import CLinux
import Glibc

/// The listening sockets by themselves, as the kernel tells them through sock_diag(7). Under /proc there is only the table
/// of all connections, which the kernel walks from end to end at each read(2), however few there are: 8 ms on a machine
/// with 24 GiB of memory, and a dump looks at the sockets again and again while the target's inspector opens and closes.
package enum SocketDiagnosis {
    /// Those of our own network namespace; nil where the kernel does not tell, as one without `tcp_diag`.
    package static func listening() -> [ListeningSocket]? {
        var sockets: [ListeningSocket] = []
        for family in [AF_INET, AF_INET6] {
            let result = withUnsafeMutablePointer(to: &sockets) { sockets in
                clinux_listening_sockets(
                    UInt8(family),
                    { context, message in
                        guard let message else { return }
                        let socket = ListeningSocket(message.pointee)
                        context?.assumingMemoryBound(to: [ListeningSocket].self).pointee.append(socket)
                    }, sockets)
            }
            guard result == 0 else { return nil }
        }
        return sockets
    }
}

extension ListeningSocket {
    fileprivate init(_ message: inet_diag_msg) {
        let words = message.id.idiag_src
        let isIPv6 = Int32(message.idiag_family) == AF_INET6
        self.init(
            ipAddress: isIPv6 ? IPAddress(v6: [words.0, words.1, words.2, words.3]) : IPAddress(v4: words.0),
            port: UInt16(bigEndian: message.id.idiag_sport), inode: UInt64(message.idiag_inode))
    }
}
