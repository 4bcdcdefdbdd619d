import Foundation
import Testing

/// The fuzzer's properties, asked of its seeds and of what is close to them.
@Suite struct DecoderPropertyTests {
    private static let seeds = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzz/Seeds/decoder")

    @Test func holdOfEverySeed() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.seeds.path)
        #expect(names.count > 3)
        for name in names {
            let bytes = try [UInt8](Data(contentsOf: Self.seeds.appendingPathComponent(name)))
            for end in 0...bytes.count {
                #expect(DecoderProperties.violation(on: Array(bytes[..<end])) == nil, "\(name), \(end) bytes")
                for replaced in [0x00, 0x22, 0x5C, 0x75, 0x64, 0x44, 0x80, 0xFF] as [UInt8] where end < bytes.count {
                    var changed = bytes
                    changed[end] = replaced
                    #expect(DecoderProperties.violation(on: changed) == nil, "\(name), byte \(end) as \(replaced)")
                }
            }
        }
    }
}
