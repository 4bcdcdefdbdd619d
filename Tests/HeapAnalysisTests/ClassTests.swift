import HeapSnapshot
import Testing

@testable import HeapAnalysis

/// What objects are counted together.
struct ClassTests {
    // MARK: Interfaces

    private struct PlainObjects {
        var heap = SmallHeap()
        let global: Int

        init() { global = heap.addGlobal() }

        @discardableResult
        mutating func add(_ properties: String..., count: Int = 1) -> Int {
            var last = 0
            for _ in 0..<count {
                last = heap.add(to: global, "Object", 8)
                for property in properties { heap.link(last, global, property) }
            }
            return last
        }

        /// The number of objects of each class.
        func classes() throws -> [String: Int] {
            try heap.analysis().classNames()[2...].reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    @Test func callsPlainObjectsByTheirProperties() throws {
        var objects = PlainObjects()
        objects.add("a", "b", count: 2)
        objects.add("only")
        objects.add(count: 3)
        objects.add("__proto__", count: 2)
        objects.add("__proto__", "c", count: 2)
        #expect(try objects.classes() == ["{a, b}": 2, "Object": 6, "{c}": 2])
    }

    @Test func wantsOneObjectInAThousand() throws {
        var objects = PlainObjects()
        objects.add("a", "b", count: 2)
        objects.add("c", count: 3)
        objects.add("z", count: 2995)
        #expect(try objects.classes() == ["Object": 2, "{c}": 3, "{z}": 2995])
        // One of 3000 less: two in 2001 are not one in a thousand, but three are.
        var fewer = PlainObjects()
        fewer.add("a", "b", count: 2)
        fewer.add("z", count: 1998)
        #expect(try fewer.classes() == ["{a, b}": 2, "{z}": 1998])
        fewer.add("z")
        #expect(try fewer.classes() == ["Object": 2, "{z}": 1999])
    }

    @Test(arguments: [(59, 3), (60, 1), (58, 3)])
    func cutsNamesAt120Characters(second: Int, properties: Int) throws {
        var objects = PlainObjects()
        let first = String(repeating: "f", count: 60)
        let next = String(repeating: "s", count: second)
        objects.add(first, next, count: 2)
        let name = properties == 1 ? "{\(first)}" : "{\(first), \(next)}"
        #expect(try objects.classes() == [name: 2])
    }

    /// What comes after a property that is too long is left out, though it be short; the first is never too long.
    @Test func endsAtThePropertyThatIsTooLong() throws {
        var objects = PlainObjects()
        let long = String(repeating: "l", count: 300)
        objects.add("a", long, "b", count: 2)
        objects.add(long, "b", count: 2)
        #expect(try objects.classes() == ["{a}": 2, "{\(long)}": 2])
        // In UTF-16 units: 30 of these are 60.
        var wide = PlainObjects()
        let emoji = String(repeating: "😀", count: 30)
        wide.add(emoji, String(repeating: "x", count: 59), count: 2)
        wide.add(emoji + "y", String(repeating: "x", count: 59), count: 2)
        #expect(Set(try wide.classes().keys) == ["{\(emoji), \(String(repeating: "x", count: 59))}", "{\(emoji)y}"])
    }

    @Test(arguments: [
        ("a,b", #"{"a,b"}"#), ("it's", #"{"it's"}"#), (#"""#, #"{"\""}"#), ("{", #"{"{"}"#), ("}", #"{"}"}"#),
        ("a b", "{a b}"), (#"\"#, #"{\}"#), (#"\,"#, #"{"\\,"}"#), ("", "{}"), ("\n", "{\n}"), ("\n,", #"{"\n,"}"#),
    ])
    func quotesWhatHasAMeaning(property: String, name: String) throws {
        var objects = PlainObjects()
        objects.add(property, count: 2)
        #expect(try objects.classes() == [name: 2])
    }

    @Test func namesTheMostFrequentOrder() throws {
        var objects = PlainObjects()
        objects.add("b", "a", count: 2)
        objects.add("a", "b", count: 3)
        #expect(try objects.classes() == ["{a, b}": 5])
        var equal = PlainObjects()
        equal.add("b", "a", count: 2)
        equal.add("a", "b", count: 2)
        #expect(try equal.classes() == ["{b, a}": 4])
    }

    @Test func takesTheInterfaceWithMostProperties() throws {
        var objects = PlainObjects()
        objects.add("a", "b", count: 5)
        objects.add("c", "d", "e", count: 2)
        objects.add("x", "e", "d", "c", "b", "a")
        objects.add("a", "b", "c", "d")
        #expect(try objects.classes() == ["{a, b}": 6, "{c, d, e}": 3])
    }

    /// Against trying all of them.
    @Test func findsTheBestOfManyInterfaces() throws {
        var random = SeededGenerator(state: 7)
        let letters = ["a", "b", "c", "d", "e", "f", "g", "é", "😀", "\u{FFFD}"]
        for _ in 0..<60 {
            let lists = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Array(letters.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)))
            }
            let interfaces = lists.enumerated().map { index, list in
                Interface(name: Array("I\(index)".utf8), properties: list.map { Array($0.utf8) })
            }
            var heap = SmallHeap()
            let global = heap.addGlobal()
            var expected: [String] = []
            for _ in 0..<20 {
                let properties = letters.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random))
                let object = heap.add(to: global, "Object")
                for property in properties { heap.link(object, global, property) }
                let fitting = lists.indices.filter { Set(lists[$0]).isSubset(of: properties) }
                let most = fitting.map { lists[$0].count }.max()
                expected.append(fitting.first { lists[$0].count == most }.map { "I\($0)" } ?? "Object")
            }
            #expect(try Array(heap.analysis(interfaces: interfaces).classNames()[2...]) == expected)
        }
    }

    // MARK: Other names

    @Test func callsNodesByTheirTypes() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let expected = [
            ("hidden", "x", "(system)"), ("array", "x", "(array)"), ("string", "x", "(string)"),
            ("code", "x", "(compiled code)"), ("closure", "x", "Function"), ("regexp", "x", "RegExp"),
            ("number", "x", "(number)"), ("concatenated string", "x", "(concatenated string)"),
            ("sliced string", "x", "(sliced string)"), ("symbol", "x", "(symbol)"), ("bigint", "x", "(bigint)"),
            ("object shape", "x", "(object shape)"), ("synthetic", "x", "(synthetic)"), ("object", "Map", "Map"),
            ("native", "Native", "Native"), ("native", #"<div id="a" class="b">"#, "<div>"),
            ("native", "<div>", "<div>"), ("native", "<p hidden>", "<p>"),
            ("native", "Detached <p hidden>", "Detached <p>"),
            ("object", "<b c>", "<b>"), ("object", "", ""),
        ]
        for (type, name, _) in expected { _ = heap.add(to: global, name, type: type) }
        heap.hasDetachedness = false
        #expect(try Array(heap.analysis().classNames()[2...]) == expected.map(\.2))
    }

    @Test func keepsConstructorsOfOneNameApart() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let sessions = (0..<4).map { _ in heap.add(to: global, "Session", 10) }
        heap.locations = [
            (sessions[0], 5, 1, 2), (sessions[1], 5, 1, 2), (sessions[2], 5, 9, 2), (sessions[3], 5, 1, 2),
            (sessions[3], 6, 1, 2),
        ]
        let classes = try HeapClasses(heap.analysis())
        let (shown, hidden) = (classes.shown, classes.hidden)
        let rows = shown.filter { $0.name == "Session" }.map { row in
            let place = row.place?.location
            return "\(place.map { "\($0.scriptID):\($0.line):\($0.column)" } ?? "nowhere") \(row.count)"
        }
        #expect(rows.sorted() == ["5:1:2 2", "5:9:2 1", "6:1:2 1"])
        #expect(hidden.isEmpty)
    }

    /// As in DevTools' table, of which each row has a name of its own.
    @Test func showsOneClassOfAName() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        _ = heap.add(to: global, "f", 100, type: "closure")
        _ = heap.add(to: global, "Function", 5)
        let classes = try HeapClasses(heap.analysis())
        let (shown, hidden) = (classes.shown, classes.hidden)
        #expect(shown.filter { $0.name == "Function" }.map(\.shallowSize) == [5])
        #expect(hidden.map(\.name) == ["Function"] && hidden.map(\.shallowSize) == [100])
    }

    @Test func sumsUpAClass() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let outer = heap.add(to: global, "Node", 10)
        let inner = heap.add(to: outer, "Node", 20)
        _ = heap.add(to: inner, "Other", 300)
        let beside = heap.add(to: global, "Node", 40)
        _ = heap.add(to: beside, "Node", 0)
        let row = try #require(try HeapClasses(heap.analysis()).shown.first { $0.name == "Node" })
        // An object below another is in the size of that; one that takes no memory is none.
        #expect(row.count == 3 && row.shallowSize == 70 && row.retainedSize == 370 && row.distance == 2)
        let sizes = try HeapClasses(heap.analysis()).shown.map(\.retainedSize)
        #expect(sizes == sizes.sorted(by: >))
    }

    // MARK: Detached nodes

    @Test func spreadsDetachedStates() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        func native(_ name: String, _ state: Int = 0) -> Int {
            let node = heap.add(name, 10, type: "native", detachedness: state)
            heap.link(global, node)
            return node
        }
        let detached = native("A", 2)
        let (below, farBelow, attached) = (native("B"), native("C"), native("D", 1))
        let (attachedBelow, contested, hidden, weak) = (native("E"), native("F"), native("G"), native("H"))
        heap.link(detached, below)
        heap.link(below, farBelow, "x", "internal")
        heap.link(attached, attachedBelow)
        heap.link(attached, contested)
        heap.link(detached, contested)
        heap.link(detached, hidden, "1", "hidden")
        heap.link(detached, weak, "w", "weak")
        // The state does not go through JavaScript's objects.
        let object = heap.add(to: detached, "Object", 10)
        let beyond = native("I")
        heap.link(object, beyond)
        // Nor from what is attached to what is marked.
        let own = native("J", 2)
        heap.link(attached, own)
        let analysis = try heap.analysis()
        let named = (0..<heap.nodes.count).filter { analysis.className(of: $0).hasPrefix("Detached ") }
        #expect(Set(named) == [detached, below, farBelow, own])
        #expect(analysis.className(of: below) == "Detached B" && analysis.object(below).name == "Detached B")
        #expect(analysis.detached.marked == [detached, below, farBelow, own])
        // Each holds what is below it; of equals, by name.
        let names = try heap.summary().detached.map { "\($0.name) \($0.retainedSize)" }
        #expect(names == ["Detached A 20", "Detached B 10", "Detached C 10", "Detached J 10"])
    }

    @Test func cutsTheMarkupOfDetachedElements() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for name in [#"<div id="a">"#, #"<div id="b">"#, "<div>"] {
            let element = heap.add(name, 10, type: "native", detachedness: 2)
            heap.link(global, element)
        }
        let analysis = try heap.analysis()
        #expect(analysis.classNames()[2...].allSatisfy { $0 == "Detached <div>" })
        #expect(analysis.object(2).name == #"Detached <div id="a">"#)
        #expect(try HeapClasses(analysis).shown.first { $0.name == "Detached <div>" }?.count == 3)
    }

    @Test func tellsDetachedNodesByTheirNamesWhereThereIsNoField() throws {
        var heap = SmallHeap()
        heap.hasDetachedness = false
        let global = heap.addGlobal()
        let detached = heap.add(to: global, "Detached Window", type: "native")
        _ = heap.add(to: global, "Detached object", type: "object")
        _ = heap.add(to: global, "Window", type: "native")
        let analysis = try heap.analysis()
        #expect(analysis.detached.marked == [detached])
        #expect(analysis.object(detached).name == "Detached Window")
    }

    // MARK: The names of objects

    @Test func namesPlainObjectsFromBothEnds() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let short = heap.add(to: global, "Object")
        for name in ["a", "__proto__", "b,c", "d"] { heap.link(short, global, name) }
        heap.link(short, global, "map", "internal")
        let long = heap.add(to: global, "Object")
        for number in 0..<100 { heap.link(long, global, "property\(number)") }
        let analysis = try heap.analysis()
        #expect(analysis.object(short).name == #"{a, "b,c", d}"#)
        let name = analysis.object(long).name
        #expect(name.hasPrefix("{property0, property1, ") && name.hasSuffix(", property98, property99}"))
        #expect(name.contains(", …, ") && name.count < 130 && name.count > 90)
        #expect(analysis.object(heap.nodes[1].edges[0].target).name == #"{a, "b,c", d}"#)
    }

    @Test func writesEdgesAsDevToolsDoes() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let object = heap.add(to: global, "Holder")
        for (name, type) in [
            ("plain", "property"), ("two words", "property"), ("3", "element"), ("variable", "context"),
            ("elements", "internal"), ("7", "hidden"), ("gone", "weak"), ("short", "shortcut"),
        ] {
            heap.link(object, global, name, type)
        }
        let texts = try heap.analysis().references(of: object).map(\.edge)
        #expect(
            texts == [
                ".plain", "[\"two words\"]", "[3]", "->variable", "{elements}", "{7}", "[[gone]]", ".short",
            ])
    }
}
