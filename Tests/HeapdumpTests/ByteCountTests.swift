import Testing

@testable import heapdump

@Suite struct ByteCountTests {
    @Test(
        arguments: [
            ("1", 1), ("4096", 4096), ("512k", 512 << 10), ("512K", 512 << 10), ("300M", 300 << 20), ("2G", 2 << 30),
            ("1T", 1 << 40),
        ] as [(String, UInt64)])
    func reads(text: String, bytes: UInt64) {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test(arguments: ["", "0", "M", "-1", "1.5G", "1 G", "1GB", "1Gi", "²", "99999999999999999999", "99999999T"])
    func refuses(text: String) {
        #expect(ByteCount(argument: text) == nil)
    }
}
