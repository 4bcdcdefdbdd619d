import Linux
import Testing

@Suite struct SocketTableTests {
    private func parse(_ line: String) -> SocketRow? {
        Array(line.utf8).withUnsafeBytes { SocketRow($0) }
    }

    @Test func ipv4Listener() throws {
        let row = try #require(
            parse(
                "   3: 0100007F:240D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 "
                    + "4242 1 0000000000000000 100 0 0 10 0"))
        #expect(row.local == .loopbackV4)
        #expect(row.localPort == 9229)
        #expect(row.state == SocketRow.listen)
        #expect(row.inode == 4242)
        #expect(row.remote.isWildcard)
    }

    @Test func ipv6Established() throws {
        let row = try #require(
            parse(
                "12345: 00000000000000000000000001000000:240D 00000000000000000000000001000000:C350 01 "
                    + "00000000:00000000 02:000000AB 00000000 65534        0 18446744073709551615 2 0 20"))
        #expect(row.local == .loopbackV6)
        #expect(row.remotePort == 50000)
        #expect(row.state == SocketRow.established)
        #expect(row.inode == .max)
    }

    @Test func mappedAddressesEqualPlainOnes() throws {
        let row = try #require(
            parse(
                "0: 0000000000000000FFFF00000100007F:240D 0000000000000000FFFF00000100007F:C350 01 "
                    + "00000000:00000000 00:00000000 00000000 0 0 7 1"))
        #expect(row.local == .loopbackV4)
        #expect(!row.local.isIPv6)
        #expect(row.local.description == "127.0.0.1")
    }

    @Test(arguments: [
        "", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        "0: 0100007F:240D", "0: 0100007F:240D 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0",
        "0: 010000:240D 00000000:0000 0A 0:0 0:0 0 0 0 1", "0: 0100007F:1240D 00000000:0000 0A 0:0 0:0 0 0 0 1",
        "0: 0100007F:240D 00000000:0000 FFF 0:0 0:0 0 0 0 1", "0: 0100007F:240D 00000000:0000 0A 0:0 0:0 0 0 0 x",
        "0: 0100007F0100007F:240D 00000000:0000 0A 0:0 0:0 0 0 0 1",
    ])
    func whatIsNoRow(_ line: String) {
        #expect(parse(line) == nil)
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "10.1.2.3", "::1", "::", "2001:db8::5"])
    func addressesAsText(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == text)
        #expect(address.isIPv6 == text.contains(":"))
        #expect(address.isWildcard == ["0.0.0.0", "::"].contains(text))
        #expect(address.isLoopback == ["127.0.0.1", "::1"].contains(text))
    }

    @Test func otherAddresses() throws {
        #expect(IPAddress("::ffff:127.0.0.1") == .loopbackV4)
        #expect(try #require(IPAddress("127.8.9.1")).isLoopback)
        #expect(try !#require(IPAddress("2001:db8::1")).isLoopback)
        #expect(IPAddress("localhost") == nil)
        #expect(IPAddress("[::1]") == nil)
        let socket = ListeningSocket(ipAddress: try #require(IPAddress("::")), port: 1, inode: 1)
        #expect(socket.isLoopbackOrWildcard)
        #expect(socket.connectAddress == .loopbackV6)
    }
}
