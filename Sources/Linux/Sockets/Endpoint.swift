import CLinux
import Glibc

/// One end of a TCP connection. Two ends are told apart by their addresses too: every user has a network of loopback addresses to
/// connect from.
package struct Endpoint: Hashable {
    /// In network order; of IPv4 as IPv6 has it.
    private let words: [UInt32]
    package let port: UInt16

    /// - Parameters:
    ///   - words: in network order; of IPv4 the first alone counts.
    ///   - port: in network order.
    package init(_ words: (UInt32, UInt32, UInt32, UInt32), isIPv6: Bool, port: UInt16) {
        self.words =
            isIPv6 ? [words.0, words.1, words.2, words.3] : [0, 0, UInt32(0xFFFF).bigEndian, words.0]
        self.port = UInt16(bigEndian: port)
    }

    /// The local end of a connected TCP socket; nil where it is none.
    package init?(ofSocket descriptor: Int32) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        let isIPv6 = address.ss_family == sa_family_t(AF_INET6)
        guard isIPv6 || address.ss_family == sa_family_t(AF_INET) else { return nil }
        self = withUnsafeBytes(of: &address) { bytes in
            // Ports lie at the same place in both; addresses behind it, and behind the flow of IPv6.
            let port = bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            func word(_ place: Int) -> UInt32 {
                bytes.loadUnaligned(fromByteOffset: (isIPv6 ? 8 : 4) + 4 * place, as: UInt32.self)
            }
            return Endpoint(
                isIPv6 ? (word(0), word(1), word(2), word(3)) : (word(0), 0, 0, 0), isIPv6: isIPv6, port: port)
        }
    }
}
