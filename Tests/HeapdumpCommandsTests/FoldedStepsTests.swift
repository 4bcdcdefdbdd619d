import Testing

@testable import HeapAnalysis
@testable import HeapdumpCommands

/// What repeats on a path is written once.
struct FoldedStepsTests {
    /// - Parameter omitted: how many steps are left out after the one at that place.
    private static func text(_ edges: [String], omitted: (place: Int, count: UInt64)? = nil, cycle: Int? = nil)
        -> String
    {
        let object = HeapObject(
            ordinal: 1, id: 3, name: "", class: "Page", type: "object", shallowSize: 8, retainedSize: 8,
            distance: 1)
        var steps = edges.map { RetainingPath.Step(edge: $0, object: object) }
        if let omitted { steps[omitted.place].omitted = omitted.count }
        return FoldedSteps.text(steps[...], cycle: cycle) { $0 }
    }

    private static func times(_ edges: [String], _ count: Int) -> [String] {
        Array(repeatElement(edges, count: count).joined())
    }

    @Test func leavesAloneWhatDoesNotRepeat() {
        #expect(Self.text([".a", ".b", "[1]", "[2]"]) == ".a.b[1][2]")
        #expect(Self.text(Self.times([".next"], 3)) == ".next.next.next")
        #expect(Self.text([]) == "")
    }

    @Test func countsARepeatedStep() {
        #expect(Self.text([".list"] + Self.times([".next"], 20) + [".value"]) == ".list.next × 20 .value")
        #expect(Self.text(Self.times([".prev", ".back"], 5) + [".prev"]) == ".prev.back × 5 .prev")
        #expect(Self.text(Self.times([".a", ".b", ".c"], 4)) == ".a.b.c × 4")
    }

    @Test func countsWhatIsLeftOutWhereItRepeatsToo() {
        let edges = Self.times([".prev", ".back"], 20)
        #expect(Self.text(edges, omitted: (19, 9960), cycle: 2) == ".prev.back × 5,000")
        #expect(Self.text(edges, omitted: (19, 9960)) == ".prev.back × 9 .prev.back….prev.back × 10")
        // An odd number is left out: what follows goes on where that ends.
        let odd = Self.times([".prev", ".back"], 10) + Self.times([".back", ".prev"], 10)
        #expect(Self.text(odd, omitted: (19, 61), cycle: 2) == ".prev.back × 50 .prev")
    }
}
