import Testing

@testable import Inspector

@Suite struct JSONStringDecoderTests {
    private func decode(_ text: String) -> [UInt8]? {
        var output: [UInt8] = []
        let isValid = Array(text.utf8).withUnsafeBytes { JSONStringDecoder.decode($0, into: &output) }
        return isValid ? output : nil
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

    @Test func appendsToWhatIsThere() {
        var output: [UInt8] = [0x31]
        let isValid = Array(#"\n2"#.utf8).withUnsafeBytes { JSONStringDecoder.decode($0, into: &output) }
        #expect(isValid)
        #expect(output == [0x31, 0x0A, 0x32])
    }
}
