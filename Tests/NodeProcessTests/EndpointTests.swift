import Glibc
import Linux
import Testing

@testable import NodeProcess

/// Whose connection it is, the address tells as well as the port.
struct EndpointTests {
    /// A socket that has an address, of which the kernel chooses the port where it is 0.
    private func socket(_ address: UInt32, port: UInt16) throws -> Descriptor {
        let descriptor = Descriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = address.bigEndian
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor.raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }

    @Test func theSamePortOfAnotherAddressIsAnother() throws {
        let first = try socket(0x7F00_0001, port: 0)
        let end = try #require(Endpoint(ofSocket: first.raw))
        let second = try socket(0x7F00_0002, port: end.port)
        let other = try #require(Endpoint(ofSocket: second.raw))
        #expect(end.port == other.port && end != other)
        let own = OwnConnections()
        own.add(first.raw)
        #expect(own.contains(end) && !own.contains(other))
        let loopback = UInt32(0x7F00_0001).bigEndian
        #expect(end == Endpoint((loopback, 0, 0, 0), isIPv6: false, port: end.port.bigEndian))
        // As a socket that takes both kinds shows it.
        let mapped: (UInt32, UInt32, UInt32, UInt32) = (0, 0, UInt32(0xFFFF).bigEndian, loopback)
        #expect(end == Endpoint(mapped, isIPv6: true, port: end.port.bigEndian))
        #expect(Endpoint(ofSocket: STDIN_FILENO) == nil)
    }
}
