import Testing

@testable import Inspector

@Suite struct JSONStringDecoderTests {
    /// Through a buffer of that size, as often as it takes.
    private func decode(_ text: String, bufferBytes: Int = 1000) -> [UInt8]? {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        return Array(text.utf8).withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let decoded = buffer.withUnsafeMutableBytes { JSONStringDecoder.decode(rest, into: $0) }
                guard let decoded, decoded.taken > 0 else { return nil }
                output += buffer[..<decoded.written]
                rest = UnsafeRawBufferPointer(rebasing: rest[decoded.taken...])
            }
            return output
        }
    }

    @Test(arguments: [
        ("", ""),
        ("plain", "plain"),
        (#"\"\\\/\n\t\r\b\f"#, "\"\\/\n\t\r\u{8}\u{C}"),
        (#"\u0041\u00e9\u6771"#, "Aé東"),
        (#"\ud83d\uDE00"#, "😀"),
        ("raw é 東 😀", "raw é 東 😀"),
        (#"1,2\n,3,4"#, "1,2\n,3,4"),
    ])
    func undoesEscapes(escaped: String, plain: String) {
        #expect(decode(escaped) == Array(plain.utf8))
    }

    @Test func keepsUnpairedSurrogatesAsThreeBytes() {
        #expect(decode(#"\ud800"#) == [0xED, 0xA0, 0x80])
        #expect(decode(#"\ud800\u0041"#) == [0xED, 0xA0, 0x80, 0x41])
        #expect(decode(#"\udc00\ud800"#) == [0xED, 0xB0, 0x80, 0xED, 0xA0, 0x80])
    }

    @Test(arguments: [#"\"#, #"\u"#, #"\u12"#, #"\u12G4"#, #"\x41"#, #"a"b"#, #"\ud800\"#])
    func rejectsWhatIsNoJSONString(text: String) {
        #expect(decode(text) == nil)
    }

    @Test(arguments: 8...40)
    func cutsNoEscapeWhereTheBufferEnds(bufferBytes: Int) throws {
        let escaped = #"1,2\n,3\ud83d\uDE00\"\u6771é東😀\\\\\ud800\u0041,45678\t"#
        let whole = try #require(decode(escaped))
        #expect(decode(escaped, bufferBytes: bufferBytes) == whole)
    }

    @Test func writesNoFurtherThanTheBuffer() {
        let text = Array(#"\u6771\u6771\u6771\u6771"#.utf8)
        var buffer = [UInt8](repeating: 7, count: 12)
        let decoded = text.withUnsafeBytes { text in
            buffer.withUnsafeMutableBytes { JSONStringDecoder.decode(text, into: .init(rebasing: $0[..<8])) }
        }
        #expect(decoded?.written == 6)
        #expect(decoded?.taken == 12)
        #expect(buffer == Array("東東".utf8) + [7, 7, 7, 7, 7, 7])
    }
}
