import Testing

@testable import HeapAnalysis

/// Where heaps of one program differ, whatever their objects are numbered by.
struct GrownPlacesTests {
    private typealias Make = (inout SmallHeap, _ global: Int) -> Void

    /// Of heaps that are made one after another; each numbers its objects anew.
    private func growth(_ heaps: [Make]) throws -> [HeapDiff.Growth] {
        let analyses = try heaps.enumerated().map { index, make in
            var heap = SmallHeap()
            // Objects of no interest, so that no object has the id that it had.
            for _ in 0..<index { _ = heap.add("Other") }
            let global = heap.addGlobal()
            make(&heap, global)
            return try heap.analysis()
        }
        let vocabulary = PathVocabulary()
        let between = try analyses.dropFirst().dropLast().map { try PathTree($0, vocabulary) }
        return try HeapDiff(
            DiffBase(analyses[0], vocabulary), between: between, analyses[analyses.count - 1], vocabulary
        )
        .growth
    }

    private func expect(_ growth: [HeapDiff.Growth], _ rows: [(name: String, counts: [UInt64], holder: String)]) {
        let found = growth.map { "\($0.class) \($0.counts) \($0.path.steps.last?.object.class ?? "")" }
        #expect(found == rows.map { "\($0.name) \($0.counts) \($0.holder)" })
    }

    @Test func foldsTheElementsOfAnArray() throws {
        func make(_ count: Int) -> Make {
            { heap, global in
                let list = heap.add(to: global, "Trail", by: "auditTrail")
                for index in 0..<count { _ = heap.add(to: list, "Entry", 100, by: "\(index)", "element") }
            }
        }
        expect(try growth([make(10), make(300)]), [("Entry", [10, 300], "Trail")])
        #expect(try growth([make(300), make(300)]).isEmpty && growth([make(300), make(10)]).isEmpty)
    }

    /// The head leads to all: a list is one place, also where two classes take turns.
    @Test func foldsAList() throws {
        func make(_ count: Int) -> Make {
            { heap, global in
                var last = heap.add(to: global, "Page", 100, by: "history")
                for _ in 0..<count {
                    let link = heap.add(to: last, "Link", 100, by: "link")
                    last = heap.add(to: link, "Page", 100, by: "page")
                }
            }
        }
        expect(try growth([make(50), make(400)]), [("Link", [50, 400], "Page")])
    }

    /// Keys differ from heap to heap; there are few of them at first.
    @Test func foldsAnObjectOfManyProperties() throws {
        func make(_ keys: Range<Int>) -> Make {
            { heap, global in
                let cache = heap.add(to: global, "Cache", by: "cache")
                for key in keys { _ = heap.add(to: cache, "Value", 100, by: "key\(key)") }
            }
        }
        expect(try growth([make(0..<40), make(40..<200)]), [("Value", [40, 160], "Cache")])
    }

    @Test func tellsWhatBecameLarger() throws {
        func make(_ size: UInt64) -> Make {
            { heap, global in
                let text = heap.add(to: global, "line line", size, by: "log", type: "concatenated string")
                for _ in 0..<3 { _ = heap.add(to: text, "line", 16, by: "first", "internal", type: "string") }
            }
        }
        expect(try growth([make(1000), make(9000)]), [("(concatenated string)", [1, 1], "(concatenated string)")])
    }

    @Test func keepsWhatGrowsEachTime() throws {
        func make(_ leak: Int, _ cache: Int) -> Make {
            { heap, global in
                for (name, count) in [("Leak", leak), ("Cached", cache)] {
                    let list = heap.add(to: global, name + "s", by: name)
                    for index in 0..<count { _ = heap.add(to: list, name, 100, by: "\(index)", "element") }
                }
            }
        }
        expect(try growth([make(10, 10), make(100, 900), make(200, 800)]), [("Leak", [10, 100, 200], "Leaks")])
        expect(try growth([make(10, 10), make(200, 800)]).prefix(1).map { $0 }, [("Cached", [10, 800], "Cacheds")])
    }

    /// While a callback runs, a shorter way leads to its variables.
    @Test func findsVariablesAgainOnAnotherWay() throws {
        func make(_ count: Int, _ isRunning: Bool) -> Make {
            { heap, global in
                let timers = heap.add(to: global, "Timers", by: "timers")
                let timer = heap.add(to: timers, "Timeout", by: "0", "element")
                if isRunning { heap.link(heap.add(to: global, "Running", by: "running"), timer, "0", "element") }
                let callback = heap.add(to: timer, "tick", by: "callback", type: "closure")
                if isRunning { heap.link(global, callback, "now") }
                let context = heap.add(to: callback, "system / Context", by: "context", "internal")
                let list = heap.add(to: context, "Trail", by: "trail", "context")
                for index in 0..<count { _ = heap.add(to: list, "Entry", 100, by: "\(index)", "element") }
            }
        }
        expect(try growth([make(100, false), make(300, true)]), [("Entry", [100, 300], "Trail")])
        expect(try growth([make(100, true), make(300, false)]), [("Entry", [100, 300], "Trail")])
    }

    /// A function that runs holds an object that the next dump does not show.
    @Test func saysNothingOfTheStack() throws {
        func make(_ size: UInt64?) -> Make {
            { heap, _ in
                let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
                let stack = heap.add(to: roots, "(Stack roots)", 0, by: "7", "element", type: "synthetic")
                if let size { _ = heap.add(to: stack, "Float64Array", size, by: "0", "element") }
            }
        }
        #expect(try growth([make(nil), make(1_000_000)]).isEmpty)
    }

    /// What each object brings with it is not told by itself.
    @Test func tellsTheObjectsNotTheirParts() throws {
        func make(_ count: Int) -> Make {
            { heap, global in
                let list = heap.add(to: global, "Sessions", by: "sessions")
                for index in 0..<count {
                    let session = heap.add(to: list, "Session", 20, by: "\(index)", "element")
                    for name in ["user", "cart", "log"] { _ = heap.add(to: session, "Part", 200, by: name) }
                }
            }
        }
        let growth = try growth([make(20), make(60)])
        expect(growth, [("Session", [20, 60], "Sessions")])
        #expect(growth.first?.retainedSizes == [20 * 620, 60 * 620])
    }
}
