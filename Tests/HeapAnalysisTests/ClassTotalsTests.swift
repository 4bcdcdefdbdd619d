import Testing

@testable import HeapAnalysis

/// The figures of a class by its name, in both snapshots.
struct ClassTotalsTests {
    /// Objects of a name, each in a script's line of its own, or in none.
    private static func heap(_ objects: [(name: String, size: UInt64, line: Int?)]) -> SmallHeap {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for (number, object) in objects.enumerated() {
            let node = heap.add(to: global, object.name, object.size, by: "p\(number)")
            _ = heap.add(to: node, "(held)", 1000)
            if let line = object.line { heap.locations.append((node, script: 7, line: line, column: 0)) }
        }
        return heap
    }

    private static func totals(_ old: SmallHeap, _ new: SmallHeap, of names: [String]) throws -> [String: ClassTotals] {
        let analysis = try new.analysis()
        let vocabulary = PathVocabulary()
        let base = try DiffBase(old.analysis(interfaces: analysis.interfaces), vocabulary, totalsOf: names)
        return try HeapDiff(base, analysis, vocabulary, totalsOf: names).totals
    }

    /// Two classes may have one name, and an edit moves a constructor to another line.
    @Test func addsUpAllClassesOfAName() throws {
        let totals = try Self.totals(
            Self.heap([("Session", 10, 3), ("Session", 10, 3), ("Session", 40, 9), ("Other", 5, nil)]),
            Self.heap([("Session", 10, 4), ("Session", 10, 4), ("Session", 10, 4), ("Session", 40, 10)]),
            of: ["Session", "Other", "Session"])
        #expect(
            totals == [
                "Session": ClassTotals(
                    baseCount: 3, count: 4, baseSize: 60, size: 70, baseRetainedSize: 3060, retainedSize: 4070),
                "Other": ClassTotals(
                    baseCount: 1, count: 0, baseSize: 5, size: 0, baseRetainedSize: 1005, retainedSize: 0),
            ])
    }

    @Test func knowsNothingOfAClassThatIsNowhere() throws {
        let heap = Self.heap([("Session", 10, nil)])
        let totals = try Self.totals(heap, heap, of: ["Sesion", "session", "", "Sess"])
        #expect(totals.count == 4 && totals.values.allSatisfy { $0.baseCount == 0 && $0.count == 0 && !$0.isKnown })
        #expect(totals.mapValues(\.nearName) == ["Sesion": "Session", "session": "Session", "": nil, "Sess": nil])
        #expect(try Self.totals(heap, heap, of: ["Session"])["Session"]?.isKnown == true)
    }

    /// In either snapshot: a class that nobody makes objects of any more, or not yet.
    @Test func knowsAFunctionOfTheName() throws {
        let plain = Self.heap([("Sessions", 10, nil)])
        var other = plain
        _ = other.add(to: SmallHeap.root + 1, "Session", 64, by: "make", type: "closure")
        for (old, new) in [(plain, other), (other, plain)] {
            let totals = try #require(try Self.totals(old, new, of: ["Session"])["Session"])
            #expect(totals.isKnown && totals.baseCount == 0 && totals.count == 0 && totals.nearName == nil)
        }
        #expect(try Self.totals(plain, plain, of: ["Session"])["Session"]?.nearName == "Sessions")
    }

    /// As it is shown, with its ellipsis, or whole.
    @Test func findsALongName() throws {
        let long = String(repeating: "n", count: 3000)
        let shown = String(repeating: "n", count: 1024) + "…"
        let heap = Self.heap([(long, 10, nil), (long, 10, nil)])
        let totals = try Self.totals(heap, Self.heap([(long, 10, nil)]), of: [long])
        #expect(totals[long].map { [$0.baseCount, $0.count] } == [2, 1])
        let cut = try Self.totals(heap, Self.heap([(long, 10, nil)]), of: [shown])
        #expect(cut[shown].map { [$0.baseCount, $0.count] } == [2, 1])
    }
}
