import Testing

@testable import HeapdumpCommands

/// Sizes and times as the command line takes them.
@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("1", 1), ("4096", 4096), ("512k", 512_000), ("512K", 512_000), ("300M", 300_000_000),
            ("2G", 2_000_000_000),
            ("1T", 1_000_000_000_000), ("1.5G", 1_500_000_000), ("1GB", 1_000_000_000), ("54.5 MB", nil),
            ("54.5MB", 54_500_000), ("16kB", 16_000), ("2KiB", 2048), ("1.5MiB", 1_572_864), ("2gib", 2 << 30),
            ("1TiB", 1 << 40), ("0.4", nil),
        ] as [(String, UInt64?)])
    func readsSizes(text: String, bytes: UInt64?) {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test(
        arguments: [
            "", "0", "M", "-1", "1 G", "1Gi", "²", "99999999999999999999", "99999999T", ".5G", "1.G", "1e3", "1e3M",
            "nan", "inf",
            "+1", "0x10", "1..5M", "1.2.3M",
        ])
    func refusesSizes(text: String) {
        #expect(ByteCount(argument: text) == nil)
    }

    @Test(
        arguments: [
            ("10", 10), ("0.3", 0.3), ("10s", 10), ("5m", 300), ("6h", 21_600), ("14d", 1_209_600), ("1.5h", 5400),
            ("0", 0),
        ] as [(String, Double)])
    func readsTimes(text: String, seconds: Double) {
        #expect(WaitingTime(argument: text)?.seconds == seconds)
        #expect(Seconds(argument: text)?.value == (seconds > 0 ? seconds : nil))
    }

    @Test(arguments: ["", "s", "-1", "1 h", "5min", "1e9d", "40000d", "inf", "nan", "1w", "5M", "1e3"])
    func refusesTimes(text: String) {
        #expect(WaitingTime(argument: text) == nil && Seconds(argument: text) == nil)
    }
}
