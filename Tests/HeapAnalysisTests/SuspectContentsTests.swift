import Testing

@testable import HeapAnalysis

/// What a suspect consists of, class by class.
struct SuspectContentsTests {
    private static func text(_ parts: some Sequence<SuspectContents.Part>) -> [String] {
        parts.map { "\($0.count) \($0.class), \($0.shallowSize)" }
    }

    /// A Map of sessions, each of which has a list, and some beside them.
    private static func sessions(_ heap: inout SmallHeap, in holder: Int) -> Int {
        let map = heap.add(to: holder, "Map", 16, by: "sessions")
        let table = heap.add(to: map, "", 800, by: "table", "internal", type: "array")
        for number in 0..<100 {
            let session = heap.add(to: table, "Session", 60, by: "\(number)", "hidden")
            _ = heap.add(to: session, "Array", 40, by: "items")
            _ = heap.add(to: session, "name \(number)", 30, by: "name", type: "string")
        }
        return map
    }

    @Test func countsWhatAContainerKeeps() throws {
        var (heap, global) = SmallHeap.ordinary()
        let map = Self.sessions(&heap, in: global)
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.className == "Session" && suspect.count == 100 && suspect.holder?.ordinal == map)
        #expect(
            Self.text(suspect.contents)
                == ["100 Session, 6000", "100 Array, 4000", "100 (string), 3000", "1 Map, 816"])
        // The sentence has the sessions and the Map, which its store counts for.
        let rest = try #require(suspect.contents.rest)
        #expect(Self.text(rest.parts) == ["100 Array, 4000", "100 (string), 3000"])
        #expect(rest.count == 0 && rest.classCount == 0)
    }

    /// Three beside the one that the sentence is about, the others together.
    @Test func tellsTheMainClassesAndCountsTheOthers() throws {
        var (heap, global) = SmallHeap.ordinary()
        let cache = heap.add(to: global, "Cache", 16, by: "cache")
        for number in 0..<100 {
            let entry = heap.add(to: cache, "Entry", 100, by: "\(number)", "element")
            for (kind, size) in [("A", 50), ("B", 40), ("C", 30), ("D", 20), ("E", 10)] {
                if number.isMultiple(of: 2) || kind != "E" { _ = heap.add(to: entry, kind, UInt64(size), by: kind) }
            }
        }
        let rest = try #require(try heap.summary().suspects.first?.contents.rest)
        #expect(Self.text(rest.parts) == ["100 A, 5000", "100 B, 4000", "100 C, 3000"])
        #expect(rest.count == 150 && rest.classCount == 2)
    }

    @Test func saysNothingOfALittle() throws {
        var (heap, global) = SmallHeap.ordinary()
        let cache = heap.add(to: global, "Cache", 16, by: "cache")
        for number in 0..<100 {
            let entry = heap.add(to: cache, "Entry", 100, by: "\(number)", "element")
            _ = heap.add(to: entry, "Flag", 10, by: "flag")
        }
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.contents.rest == nil && suspect.contents.count == 3)
    }

    /// Arrays of arrays: the inner ones are others than those that the sentence counts.
    @Test func countsOthersOfTheClassItself() throws {
        var (heap, global) = SmallHeap.ordinary()
        let table = heap.add(to: global, "Table", 16, by: "table")
        for number in 0..<100 {
            let row = heap.add(to: table, "Array", 40, by: "\(number)", "element")
            for cell in 0..<2 { _ = heap.add(to: row, "Array", 40, by: "\(cell)", "element") }
        }
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.count == 100 && suspect.className == "Array")
        #expect(Self.text(suspect.contents) == ["300 Array, 12000", "1 Table, 16"])
        #expect(suspect.contents.rest.map { Self.text($0.parts) } == ["200 Array, 8000"])
    }

    @Test func countsTheClassesOfAChain() throws {
        var (heap, global) = SmallHeap.ordinary()
        var last = heap.add(to: global, "Page", 30, by: "history")
        for number in 0..<200 {
            let link = heap.add(to: last, "Link", 20, by: "back")
            last = heap.add(to: link, "Page", 30, by: "page")
            _ = heap.add(to: last, "page \(number)", 10, by: "text", type: "string")
        }
        let suspect = try #require(try heap.summary().suspects.first)
        guard case .chain(_, let links) = suspect.kind else {
            Issue.record("\(suspect)")
            return
        }
        #expect(links.map(\.className) == ["Page", "Link"] && links.map(\.count) == [201, 200])
        #expect(Self.text(suspect.contents) == ["201 Page, 6030", "200 Link, 4000", "200 (string), 2000"])
        #expect(suspect.contents.rest.map { Self.text($0.parts) } == ["200 (string), 2000"])
    }

    /// What one suspect is about is no part of another that holds it.
    @Test func countsEachObjectOnce() throws {
        var (heap, global) = SmallHeap.ordinary()
        let app = heap.add(to: global, "App", 16, by: "app")
        for number in 0..<100 { _ = heap.add(to: app, "Route", 100, by: "\(number)", "element") }
        _ = Self.sessions(&heap, in: app)
        let suspects = try heap.summary().suspects
        let routes = try #require(suspects.first { $0.className == "Route" })
        #expect(Self.text(routes.contents) == ["100 Route, 10000", "1 App, 16"])
        #expect(suspects.first { $0.className == "Session" }?.contents.count == 4)
    }

    @Test func countsWhatSeveralHold() throws {
        var (heap, global) = SmallHeap.ordinary()
        let (first, second) = (heap.add(to: global, "First", 16, by: "a"), heap.add(to: global, "Second", 16, by: "b"))
        for number in 0..<100 {
            let part = heap.add(to: first, "Part", 100, by: "\(number)", "element")
            heap.link(second, part, "\(number)", "element")
            _ = heap.add(to: part, "Array", 50, by: "list")
        }
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.kind == .spread)
        #expect(Self.text(suspect.contents) == ["100 Part, 10000", "100 Array, 5000"])
        #expect(suspect.contents.rest.map { Self.text($0.parts) } == ["100 Array, 5000"])
    }

    /// Classes of one name that stand in different places.
    @Test func countsClassesOfOneNameTogether() throws {
        var (heap, global) = SmallHeap.ordinary()
        let cache = heap.add(to: global, "Cache", 16, by: "cache")
        for number in 0..<100 {
            let entry = heap.add(to: cache, "Entry", 100, by: "\(number)", "element")
            let item = heap.add(to: entry, "Item", 50, by: "item")
            heap.locations.append((item, 1 + number % 2, 3, 4))
        }
        let contents = try #require(try heap.summary().suspects.first?.contents)
        #expect(Self.text(contents.prefix(2)) == ["100 Entry, 10000", "100 Item, 5000"])
    }

    /// As many as classes, each below the others: nothing is looked at again for each.
    @Test func countsManyClassesInTime() throws {
        var (heap, global) = SmallHeap.ordinary()
        for suspect in 0..<6 {
            let holder = heap.add(to: global, "Holder\(suspect)", 16, by: "h\(suspect)")
            for number in 0..<5000 {
                _ = heap.add(to: holder, "Kind\(suspect) \(number)", 16, by: "\(number)", "element")
            }
        }
        let summary = try inTime { try heap.summary() }
        #expect(summary.suspects.count == 5)
        #expect(summary.suspects.allSatisfy { $0.contents.count == 5001 })
    }
}
