package import Glibc

/// An IPv4 or IPv6 address. IPv4 is kept as IPv6 maps it, so that ::ffff:127.0.0.1 and 127.0.0.1 are equal.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// In network order, as they lie in memory.
    private let words: SIMD4<UInt32>

    private static let mappedPrefix = UInt32(0xFFFF).bigEndian

    public static let loopbackV4 = IPAddress(v4: UInt32(0x7F00_0001).bigEndian)
    public static let loopbackV6 = IPAddress(v6: [0, 0, 0, UInt32(1).bigEndian])

    /// Words in network order.
    package init(v4 word: UInt32) {
        words = [0, 0, Self.mappedPrefix, word]
    }

    package init(v6 words: SIMD4<UInt32>) {
        self.words = words
    }

    /// A numeric address without brackets.
    public init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: v4.s_addr)
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(v6)
        } else {
            return nil
        }
    }

    private init(_ address: in6_addr) {
        words = withUnsafeBytes(of: address) { $0.loadUnaligned(as: SIMD4<UInt32>.self) }
    }

    /// False for IPv4, mapped or not.
    public var isIPv6: Bool {
        !(words[0] == 0 && words[1] == 0 && words[2] == Self.mappedPrefix)
    }

    /// Reached through the loopback device: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        isIPv6 ? self == .loopbackV6 : UInt32(bigEndian: words[3]) >> 24 == 127
    }

    public var isWildcard: Bool {
        words[0] == 0 && words[1] == 0 && words[3] == 0 && (words[2] == 0 || words[2] == Self.mappedPrefix)
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        withUnsafeBytes(of: words) { bytes in
            let start = isIPv6 ? bytes : UnsafeRawBufferPointer(rebasing: bytes[12...])
            _ = inet_ntop(isIPv6 ? AF_INET6 : AF_INET, start.baseAddress, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// With this address and `port` as a sockaddr of its own family.
    package func withSocketAddress<Result>(
        port: UInt16, _ body: (_ family: Int32, UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.storeBytes(of: words, as: SIMD4<UInt32>.self) }
            return withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body(AF_INET6, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = words[3]
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(AF_INET, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// From what getsockname or getpeername wrote; `nil` for other families.
    package static func parse(_ storage: sockaddr_storage) -> (address: IPAddress, port: UInt16)? {
        withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let address = bytes.loadUnaligned(as: sockaddr_in.self)
                return (IPAddress(v4: address.sin_addr.s_addr), UInt16(bigEndian: address.sin_port))
            case AF_INET6:
                let address = bytes.loadUnaligned(as: sockaddr_in6.self)
                return (IPAddress(address.sin6_addr), UInt16(bigEndian: address.sin6_port))
            default:
                return nil
            }
        }
    }
}
