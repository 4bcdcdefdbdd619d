import HeapSnapshot
import Testing

@testable import HeapAnalysis

/// Names that are longer than what is shown of them: they are cut, visibly, and what they name stays apart.
struct LongNameTests {
    /// Two that begin alike.
    private static let beginning = String(repeating: "n", count: HeapText.longest)
    private static let names = [beginning + "a", beginning + "b"]
    private static let shown = beginning + "…"

    private static func heap(_ build: (inout SmallHeap, _ global: Int, _ name: String) -> Void) -> SmallHeap {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for name in names { build(&heap, global, name) }
        return heap
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 2), (String(repeating: "a", count: 1024), 1024),
        (String(repeating: "a", count: 1025), 1024), (String(repeating: "é", count: 1025), 2048),
        ("a" + String(repeating: "😀", count: 512), 1 + 511 * 4), (String(repeating: "😀", count: 513), 2048),
        (String(repeating: "漢", count: 1025), 3072),
    ])
    func cutsWholeCharacters(text: String, bytes: Int) {
        let count = Array(text.utf8).withUnsafeBufferPointer {
            JavaScriptText.prefixLength($0, units: HeapText.longest)
        }
        #expect(count == bytes)
    }

    @Test func cutsNoLoneSurrogateInTwo() {
        let text = [[UInt8]](repeating: [0xED, 0xA0, 0xBD], count: 1025).flatMap { $0 }
        let all = [HeapText.Character](repeating: .loneSurrogate(0xD83D), count: 1024) + [.scalar("…")]
        #expect(Array(HeapText.characters(HeapText.name(text))) == all)
    }

    @Test func leavesTheLongestThatV8WritesAsItIs() throws {
        var heap = SmallHeap()
        let object = heap.add(to: heap.addGlobal(), Self.beginning)
        #expect(try heap.analysis().object(object).class == Self.beginning)
    }

    @Test func keepsClassesApart() throws {
        let heap = Self.heap { heap, global, name in
            for line in 0..<2 {
                for _ in 0..<2 {
                    heap.locations.append((heap.add(to: global, name), 1, line, 0))
                }
            }
        }
        let rows = try heap.summary().classes.filter { $0.name == Self.shown }
        #expect(rows.map(\.count) == [2, 2, 2, 2])
        var filter = ObjectFilter()
        filter.className = Self.names[1]
        #expect(try heap.analysis().nodes(matching: filter).count == 4)
        filter.className = Self.shown
        #expect(try heap.analysis().nodes(matching: filter).count == 8)
    }

    @Test func keepsFunctionsApart() throws {
        let heap = Self.heap { heap, global, name in
            for _ in 0..<3 { _ = heap.add(to: global, name, type: "closure") }
        }
        let closures = try heap.summary().closures
        #expect(closures.map(\.function) == [Self.shown, Self.shown] && closures.map(\.count) == [3, 3])
    }

    @Test func keepsStringsApart() throws {
        let heap = Self.heap { heap, global, name in
            for _ in 0..<2 { _ = heap.add(to: global, name, type: "string") }
            for _ in 0..<2 {
                let cons = heap.add(to: global, "", type: "concatenated string")
                heap.link(cons, heap.add(to: global, "begin ", type: "string"), "first", "internal")
                heap.link(cons, heap.add(to: global, name, type: "string"), "second", "internal")
            }
        }
        let duplicates = try heap.summary().duplicateStrings.filter { $0.value.count > 100 }
        #expect(duplicates.map(\.count).sorted() == [2, 2, 4, 4])
        #expect(duplicates.allSatisfy { $0.isCut && $0.value.utf16.count == HeapText.longest })
    }

    @Test func keepsDetachedNodesApart() throws {
        let heap = Self.heap { heap, global, name in
            let node = heap.add(name, type: "native", detachedness: 2)
            heap.link(global, node)
        }
        let rows = try heap.summary().detached
        #expect(rows.count == 2 && rows.allSatisfy { $0.name.hasPrefix("Detached nnn") && $0.name.hasSuffix("n…") })
    }

    @Test func keepsInterfacesApart() throws {
        let heap = Self.heap { heap, global, name in
            for _ in 0..<3 {
                let object = heap.add(to: global, "Object")
                heap.link(object, global, name)
            }
        }
        let classes = try heap.summary().classes.filter { $0.name.hasPrefix("{nnn") }
        #expect(classes.map(\.count) == [3, 3] && classes.allSatisfy { $0.name.utf16.count == HeapText.longest + 1 })
        let object = try heap.analysis().object(2)
        #expect(object.name == "{" + Self.beginning.dropLast() + "…")
    }

    @Test func findsClassesAgainInAnotherSnapshot() throws {
        let old = Self.heap { heap, global, name in _ = heap.add(to: global, name, 100) }
        var new = old
        _ = new.add(to: 1, Self.names[1], 100)
        let analysis = try new.analysis()
        let vocabulary = PathVocabulary()
        let base = try DiffBase(old.analysis(interfaces: analysis.interfaces), vocabulary)
        let diff = try HeapDiff(base, analysis, vocabulary)
        #expect(diff.classes.filter { $0.name == Self.shown }.map(\.retainedDelta) == [100])
    }

    @Test func cutsEdgesAndScripts() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let closure = heap.add(to: global, "f", by: Self.names[0], type: "closure")
        let shared = heap.add(to: closure, "shared", by: "shared", "internal", type: "code")
        _ = heap.add(to: shared, Self.names[1], by: "script", "internal", type: "code")
        heap.locations.append((closure, 7, 0, 0))
        let analysis = try heap.analysis()
        #expect(analysis.references(of: global).map(\.edge) == ["." + Self.shown])
        #expect(try RetainerQuery(analysis).direct(of: closure).map(\.edge) == ["." + Self.shown])
        #expect(analysis.scripts[7] == Self.shown)
    }
}
