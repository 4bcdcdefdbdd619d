import Testing

@testable import HeapAnalysis

/// Strings that are there more than once.
struct DuplicateTests {
    private struct Strings {
        var heap = SmallHeap()
        let global: Int

        init() { global = heap.addGlobal() }

        @discardableResult
        mutating func add(_ text: String, _ size: UInt64 = 20, type: String = "string") -> Int {
            heap.add(to: global, text, size, type: type)
        }

        @discardableResult
        mutating func join(_ first: Int, _ second: Int, _ size: UInt64 = 32) -> Int {
            let cons = heap.add(to: global, "", size, type: "concatenated string")
            heap.link(cons, first, "first", "internal")
            heap.link(cons, second, "second", "internal")
            return cons
        }

        /// A string whose text was cut, in V8's words.
        mutating func addCut(_ text: String, length: String, hash: String) {
            let node = add(text)
            for (edge, kind, value) in [
                ("truncated", "bool", "true"), ("length", "int", length), ("hash", "int", hash),
            ] {
                let box = heap.add(to: node, kind, 0, by: edge, "internal", type: "number")
                _ = heap.add(to: box, value, 0, by: "value", "internal", type: "string")
            }
        }

        func found() throws -> [String] {
            try heap.summary().duplicateStrings.map { "\($0.value) \($0.count) \($0.wastedSize)" }
        }
    }

    @Test func countsCopies() throws {
        var strings = Strings()
        for _ in 0..<3 { strings.add("copied") }
        for _ in 0..<2 { strings.add("large", 1000) }
        strings.add("alone")
        strings.add("slice", type: "sliced string")
        strings.add("slice", type: "sliced string")
        strings.add("nothing", 0)
        strings.add("nothing", 0)
        #expect(try strings.found() == ["large 2 1000", "copied 3 40"])
    }

    @Test func readsConcatenatedStrings() throws {
        var strings = Strings()
        strings.add("foobar")
        let (foo, bar) = (strings.add("foo"), strings.add("bar"))
        let cons = strings.join(foo, bar)
        strings.join(cons, strings.add("!"))
        strings.add("foobar!")
        #expect(Set(try strings.found()) == ["foobar 2 26", "foobar! 2 26"])
    }

    /// One half is empty: its text is the other's by now.
    @Test func leavesOutWhatV8HasPutTogether() throws {
        var strings = Strings()
        let text = strings.add("flat")
        let empty = strings.add("", 12)
        strings.join(text, empty)
        strings.join(empty, text)
        strings.join(strings.join(empty, empty, 0), text)
        #expect(try strings.found().isEmpty)
        strings.join(strings.add("fl"), strings.add("at"))
        #expect(try strings.found() == ["flat 2 26"])
    }

    /// A part that is not there has no name.
    @Test func standsBrokenConcatenatedStrings() throws {
        var strings = Strings()
        strings.add("", type: "concatenated string")
        strings.add("", type: "concatenated string")
        #expect(try strings.found() == [" 2 20"])
    }

    @Test func readsDeepConcatenatedStringsToTheirBeginning() throws {
        var strings = Strings()
        var last = strings.add("x")
        let piece = strings.add("yz")
        for _ in 0..<3000 { last = strings.join(last, piece) }
        let analysis = try strings.heap.analysis()
        let name = analysis.object(last).name
        #expect(name.hasPrefix("xyzyz") && (1024...1026).contains(name.count))
    }

    /// As `text += more` makes them: each is held by the next, and begins as the one before.
    @Test func readsTextsThatGrewStepByStep() throws {
        var strings = Strings()
        let piece = strings.add("0123456789")
        var last = piece
        for _ in 0..<100_000 { last = strings.join(last, piece) }
        let summary = try inTime { try strings.heap.summary() }
        let beginning = String(String(repeating: "0123456789", count: 110).prefix(1024))
        let row = try #require(summary.duplicateStrings.first)
        // All those that are longer than what is read of them.
        #expect(row.value == beginning && row.isCut && row.count == 100_001 - 102)
        var filter = ObjectFilter()
        filter.text = "9012"
        #expect(try strings.heap.analysis().nodes(matching: filter).count == 100_000)
    }

    /// Parts that are empty add nothing to a text, however many there are.
    @Test func readsNoEmptyParts() throws {
        var strings = Strings()
        let empty = strings.add("", 12)
        var last = strings.add("a")
        for number in 0..<20_000 { last = number % 2 == 0 ? strings.join(last, empty) : strings.join(empty, last) }
        let ends = (0..<2000).map { strings.join(last, strings.add("\($0 % 1000)")) }
        let analysis = try strings.heap.analysis()
        #expect(ends.prefix(3).map { analysis.object($0).name } == ["a0", "a1", "a2"])
        var text: [UInt8] = []
        var stack: [Int] = []
        #expect(analysis.objectNames.appendText(ofCons: ends[7], to: &text, &stack) == 3)
        let summary = try inTime { try strings.heap.summary() }
        #expect(summary.duplicateStrings.count { $0.value.hasPrefix("a") } == 1000)
    }

    /// A text that doubles with each level, of one string: it is read from a thousand parts at most.
    @Test func readsTextsThatDouble() throws {
        var strings = Strings()
        var last = strings.add("a")
        for _ in 0..<60 { last = strings.join(last, last) }
        let analysis = try strings.heap.analysis()
        #expect(analysis.object(last).name == String(repeating: "a", count: 1024))
        var text: [UInt8] = []
        var stack: [Int] = []
        #expect(analysis.objectNames.appendText(ofCons: last, to: &text, &stack) == 2047)
    }

    /// No program makes a string that is part of itself; a file may say so.
    @Test func standsStringsThatArePartsOfThemselves() throws {
        var strings = Strings()
        let own = strings.add("", type: "concatenated string")
        strings.heap.link(own, own, "first", "internal")
        strings.heap.link(own, own, "second", "internal")
        let end = strings.add("end")
        let (one, other) = (
            strings.add("", type: "concatenated string"), strings.add("", type: "concatenated string")
        )
        for (cons, part) in [(one, other), (other, one)] {
            strings.heap.link(cons, part, "first", "internal")
            strings.heap.link(cons, end, "second", "internal")
        }
        let analysis = try strings.heap.analysis()
        for string in [own, one, other] { #expect(analysis.object(string).name.count < 2000) }
        _ = try HeapSummary(analysis)
    }

    @Test func tellsCutStringsApartByTheirLengthsAndHashes() throws {
        var strings = Strings()
        strings.addCut("begin", length: "5000", hash: "11")
        strings.addCut("begin", length: "5000", hash: "11")
        strings.addCut("begin", length: "5001", hash: "11")
        strings.addCut("begin", length: "5000", hash: "12")
        strings.add("begin")
        let duplicates = try strings.heap.summary().duplicateStrings
        #expect(duplicates.map(\.count) == [2])
        #expect(duplicates.first?.isCut == true && duplicates.first?.value == "begin")
    }

    @Test func saysWhereAStringWasCut() throws {
        var strings = Strings()
        for length in [1023, 1024] {
            for _ in 0..<2 { strings.add(String(repeating: "l", count: length)) }
        }
        let cut = try strings.heap.summary().duplicateStrings.map { ($0.value.count, $0.isCut) }
        #expect(cut.count == 2 && cut.allSatisfy { $0.1 == ($0.0 == 1024) })
    }

    @Test func keepsHalvesOfPairsApart() throws {
        var strings = Strings()
        strings.add("a" + SmallHeap.lone(0xD83D))
        strings.add("a" + SmallHeap.lone(0xD83E))
        strings.add("a" + SmallHeap.lone(0xD83D))
        #expect(try strings.heap.summary().duplicateStrings.map(\.count) == [2])
    }
}
