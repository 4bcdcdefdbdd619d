import Testing

@testable import HeapAnalysis

/// What is made of the heap's texts.
struct TextTests {
    // MARK: JavaScript's functions

    @Test(arguments: [
        ("12", 12), ("0", 0), ("007", 7), ("  \t\n8", 8), ("-3", -3), ("+4", 4), ("5 / part", 5), ("1e3", 1),
        ("0x10", 0), ("1.9", 1), ("18446744073709551616", 18_446_744_073_709_551_616.0),
    ])
    func parsesIntegersAsJavaScriptDoes(text: String, number: Double) {
        #expect(Self.parse(text) == number)
    }

    @Test(arguments: ["", " ", "x1", "-", "+", "- 1", "--1", ".5", "elements"])
    func parsesNothingElse(text: String) {
        #expect(Self.parse(text) == nil)
    }

    private static func parse(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { JavaScriptText.parseInt($0) }
    }

    @Test(arguments: ["", "abc", "é", "日本語", "😀", "a😀b\u{10FFFF}", "\u{7FF}\u{800}\u{FFFF}\u{10000}"])
    func countsAndSplitsAsUTF16(text: String) {
        #expect(JavaScriptText.length(text.utf8) == text.utf16.count)
        #expect(JavaScriptText.codeUnits(Array(text.utf8)) == Array(text.utf16))
    }

    /// Three bytes of WTF-8 each.
    @Test func keepsHalvesOfPairs() {
        #expect(JavaScriptText.codeUnits([0xED, 0xA0, 0xBD, 0x61, 0xED, 0xBF, 0xBF]) == [0xD83D, 0x61, 0xDFFF])
        #expect(JavaScriptText.length([0xED, 0xA0, 0xBD, 0x61, 0xED, 0xBF, 0xBF]) == 3)
    }

    @Test func readsNoFurtherThanTheText() {
        for cut in [[0xF0], [0xF0, 0x9F], [0xE2, 0x80], [0xC3]] as [[UInt8]] {
            #expect(!JavaScriptText.codeUnits(cut).isEmpty)
        }
    }

    @Test(arguments: [
        ("a", #""a""#), ("", #""""#), (#"""#, #""\"""#), (#"\"#, #""\\""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
        ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é\u{2028}😀", "\"é\u{2028}😀\""),
    ])
    func quotesAsJSONDoes(text: String, quoted: String) {
        #expect(String(decoding: JavaScriptText.quoted(text.utf8), as: UTF8.self) == quoted)
    }

    @Test func quotesHalvesOfPairsAsEscapes() {
        let text: [UInt8] = [0x61, 0xED, 0xA0, 0xBD, 0x62, 0xED, 0xBF, 0xBF]
        #expect(String(decoding: JavaScriptText.quoted(text), as: UTF8.self) == #""a\ud83db\udfff""#)
        // Korean, whose first byte is the same.
        #expect(JavaScriptText.quoted("\u{D7A3}".utf8) == Array("\"\u{D7A3}\"".utf8))
    }

    // MARK: Half surrogate pairs

    @Test func standsInForHalvesOfPairs() throws {
        let text = HeapText.string([0x61, 0xED, 0xA0, 0xBD, 0xED, 0xBF, 0xBF, 0x62])
        // The two halves make a pair where they stand together.
        #expect(text == "a\u{1F7FF}b")
        let lone = HeapText.string([0xED, 0xA0, 0x80, 0x61, 0xED, 0xBF, 0xBF, 0xED, 0xA0, 0x81])
        #expect(
            Array(HeapText.characters(lone)) == [
                .loneSurrogate(0xD800), .scalar("a"), .loneSurrogate(0xDFFF), .loneSurrogate(0xD801),
            ])
        #expect(HeapText.readable(lone) == "\u{FFFD}a\u{FFFD}\u{FFFD}")
        #expect(HeapText.readable("plain \u{D7A3}") == "plain \u{D7A3}")
        #expect(HeapText.string("\u{D7A3}\u{10F7FF}".utf8) == "\u{D7A3}\u{10F7FF}")
    }

    /// Those that stand for halves as well, alone, twice and before half a pair.
    @Test(arguments: [
        "\u{10F800}", "\u{10FFFF}", "\u{10FFFE}", "\u{10FFFE}\u{10FFFE}", "\u{10FFFE}\u{10F83D}", "\u{10FFFE}a",
    ])
    func everyCharacterIsItself(text: String) {
        let whole = HeapText.string(Array(text.utf8))
        #expect(Array(HeapText.characters(whole)) == text.unicodeScalars.map { .scalar($0) })
        #expect(HeapText.readable(whole) == text)
        let half = HeapText.string(Array(text.utf8) + [0xED, 0xA0, 0xBD])
        #expect(Array(HeapText.characters(half)) == text.unicodeScalars.map { .scalar($0) } + [.loneSurrogate(0xD83D)])
    }

    @Test func readsThemFromADocument() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let object = heap.add(to: global, "a" + SmallHeap.lone(0xD83D) + "b")
        let name = try heap.analysis().object(object).name
        #expect(Array(HeapText.characters(name)) == [.scalar("a"), .loneSurrogate(0xD83D), .scalar("b")])
    }

    // MARK: The names of WeakMaps' pairs

    private static func pair(_ text: String) -> WeakMapPairName? {
        Array(text.utf8).withUnsafeBufferPointer { WeakMapPairName($0) }
    }

    @Test(arguments: [
        ("12 / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @9)", 2, 9),
        ("1 / part of key (a (b) @5) -> value (c) (d @7) pair in WeakMap (table @123)", 1, 123),
        ("0 / part of key ( @1) -> value ( @2) pair in WeakMap (table @3)", 1, 3),
        ("7 / part of key (@5) -> value ( @5) -> value (x @6) pair in WeakMap (table @8)", 1, 8),
        ("7 / part of key (12 @5) -> value (34 @56) pair in WeakMap (table @8)", 1, 8),
        (
            "7 / part of key (k @1) -> value (v @2) pair in WeakMap (table @3) @4) -> value (w @5) pair in WeakMap (table @6)",
            1, 6
        ),
        ("7 / part of key (ключ 😀 @5) -> value (é @6) pair in WeakMap (table @18446744073709551615)", 1, UInt64.max),
    ])
    func knowsAPairByItsName(text: String, prefix: Int, table: UInt64) throws {
        let name = try #require(Self.pair(text))
        #expect(name.prefixLength == prefix && name.tableID == table)
    }

    @Test(arguments: [
        "", "1", "elements", " / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @9)",
        "12 / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @9) ",
        "12 / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @)",
        "12 / part of key (Key @5) -> value (Object @) pair in WeakMap (table @9)",
        "12 / part of key (Key @) -> value (Object @7) pair in WeakMap (table @9)",
        "12 / part of key (Key@5) -> value (Object @7) pair in WeakMap (table @9)",
        "12 / part of key (Key @5) -> value (Object@7) pair in WeakMap (table @9)",
        "12 / part of key (Key @5) pair in WeakMap (table @9)", "12 / part of key (", "12 / part of key ()",
        "12 / part of key (K\ney @5) -> value (Object @7) pair in WeakMap (table @9)",
        "12 / part of key (Key @5) -> value (Obj\u{2028}ect @7) pair in WeakMap (table @9)",
        "12 / part of key (Key @5) -> value (Obj\rect @7) pair in WeakMap (table @9)",
        "12 / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @99999999999999999999)",
        "12 / part of key (table @9)", "1 / part of key () pair in WeakMap (table @9)",
    ])
    func takesNothingElseForOne(text: String) {
        #expect(Self.pair(text) == nil)
    }

    @Test func readsEveryBeginningOfAName() {
        let whole = "12 / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @9)"
        for length in 0..<whole.count { #expect(Self.pair(String(whole.prefix(length))) == nil) }
    }

    // MARK: Hash table

    @Test func findsWhatWasPutIn() throws {
        var table = try #require(HashTable(capacity: 4))
        // Many of the same place, and of the same hash.
        let hashes = (0..<5000).map { UInt64($0 % 1700) << 20 | UInt64($0 % 3) }
        for (value, hash) in hashes.enumerated() {
            let slot = table.slot(hash) { _ in false }
            try #require(table[slot] == nil)
            let isIn = table.insert(value, hash, at: slot)
            try #require(isIn)
        }
        for (value, hash) in hashes.enumerated() {
            var haveThatHash = true
            let slot = table.slot(hash) { found in
                haveThatHash = haveThatHash && hashes[found] == hash
                return found == value
            }
            try #require(table[slot] == value && haveThatHash)
        }
        let absent = table.slot(99 << 20 | 7) { _ in
            Issue.record("no value has that hash")
            return true
        }
        #expect(table[absent] == nil)
    }

    @Test func hashesTheSameTextAlike() {
        func hash(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBufferPointer { TextHash.of($0) } }
        var seen: Set<UInt64> = []
        for length in 0..<40 {
            let text = String(repeating: "a", count: length)
            #expect(hash(text) == hash(text))
            seen.insert(hash(text))
            seen.insert(hash(text + "b"))
        }
        #expect(seen.count == 80)
    }
}
