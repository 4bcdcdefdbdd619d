import Testing

@testable import HeapAnalysis

/// What is said to leak, on heaps of known shapes.
struct SuspectTests {
    private static func expression(_ path: RetainingPath) -> String {
        path.steps.map { ($0.edge ?? "") + ($0.edge == nil ? $0.object.class : "") }.joined()
    }

    private static func chain(_ edge: String, _ links: (String, UInt64)...) -> LeakSuspect.Kind {
        .chain(edge: edge, links: links.map { LeakSuspect.Links(className: $0, count: $1) })
    }

    @Test func findsNothingInAnOrdinaryHeap() throws {
        #expect(try SmallHeap.ordinary().heap.summary().suspects.isEmpty)
    }

    @Test func findsNothingInNothing() throws {
        #expect(try SmallHeap().summary().suspects.isEmpty)
        var heap = SmallHeap()
        _ = heap.add(to: SmallHeap.root, "Empty", 0)
        #expect(try heap.summary().suspects.isEmpty)
    }

    @Test func findsACollectionInAnArray() throws {
        var (heap, global) = SmallHeap.ordinary()
        let cache = heap.add(to: global, "Cache", 16, by: "cache")
        let array = heap.add(to: cache, "Array", 16, by: "list")
        let store = heap.add(to: array, "", 800, by: "elements", "internal", type: "array")
        for number in 0..<100 {
            let session = heap.add(to: store, "Session", 100, by: "\(number)", "hidden")
            heap.link(array, session, "\(number)", "element")
        }
        let suspects = try heap.summary().suspects
        let suspect = try #require(suspects.first)
        #expect(suspects.count == 1)
        #expect(suspect.className == "Session" && suspect.count == 100 && suspect.kind == .collection)
        #expect(suspect.retainedSize == 10_000)
        #expect(suspect.holder?.class == "Array")
        #expect(Self.expression(suspect.path) == "Global.cache.list")
        #expect(abs(suspect.share - 10_000 / Double(10_832 + 8 + 40 * 100)) < 0.001)
    }

    @Test func findsACollectionInAMap() throws {
        var (heap, global) = SmallHeap.ordinary()
        let map = heap.add(to: global, "Map", 16, by: "byName", "context")
        let table = heap.add(to: map, "", 800, by: "table", "internal", type: "array")
        for number in 0..<100 {
            let entry = heap.add(to: table, "Entry", 60, by: "\(number)", "hidden")
            _ = heap.add(to: entry, "value", 40, by: "value", type: "string")
        }
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.className == "Entry" && suspect.count == 100 && suspect.retainedSize == 10_000)
        #expect(suspect.holder?.class == "Map")
        #expect(Self.expression(suspect.path) == "Global->byName")
    }

    /// What DevTools counts as the Map's own, its table, may be much: its entries are more, or less.
    @Test(arguments: [(4000, LeakSuspect.Kind.collection, "Entry"), (20_000, .single, "Map")])
    func findsWhatIsMoreOfATable(size: UInt64, kind: LeakSuspect.Kind, className: String) throws {
        var (heap, global) = SmallHeap.ordinary()
        let map = heap.add(to: global, "Map", size, by: "byName", "context")
        let table = heap.add(to: map, "", 0, by: "table", "internal", type: "array")
        for number in 0..<100 { _ = heap.add(to: table, "Entry", 100, by: "\(number)", "hidden") }
        let suspects = try heap.summary().suspects
        #expect(suspects.count == 1 && suspects.first?.kind == kind && suspects.first?.className == className)
        #expect(suspects.first?.holder?.class == "Map")
    }

    @Test func findsAChain() throws {
        var (heap, global) = SmallHeap.ordinary()
        var last = heap.add(to: global, "Link", 100, by: "head")
        let head = last
        for _ in 1..<100 { last = heap.add(to: last, "Link", 100, by: "next") }
        let suspects = try heap.summary().suspects
        #expect(suspects.count == 1)
        let suspect = try #require(suspects.first)
        #expect(suspect.className == "Link" && suspect.kind == Self.chain(".next", ("Link", 100)))
        #expect(suspect.count == 100 && suspect.retainedSize == 10_000)
        #expect(suspect.holder?.ordinal == head && Self.expression(suspect.path) == "Global.head")
    }

    /// Each holds less than the one before by far, and the first still holds them all.
    @Test func findsAShortChainOfLargeLinks() throws {
        var (heap, global) = SmallHeap.ordinary()
        var last = heap.add(to: global, "Revision", 16, by: "newest")
        let head = last
        for number in 0..<10 {
            _ = heap.add(to: last, "text", 400, by: "text", type: "string")
            if number < 9 { last = heap.add(to: last, "Revision", 16, by: "before") }
        }
        let suspects = try heap.summary().suspects
        let suspect = try #require(suspects.first)
        #expect(suspects.count == 1)
        #expect(suspect.kind == Self.chain(".before", ("Revision", 10)) && suspect.count == 10)
        #expect(suspect.holder?.ordinal == head && suspect.retainedSize == 4160)
    }

    @Test func findsAChainOfSeveralClasses() throws {
        var (heap, global) = SmallHeap.ordinary()
        let history = heap.add(to: global, "Page", 30, by: "history")
        var last = history
        for _ in 0..<200 {
            let link = heap.add(to: last, "Link", 20, by: "back")
            let record = heap.add(to: link, "", 8, by: "3", "hidden", type: "array")
            last = heap.add(to: record, "Page", 30, by: "0", "hidden")
        }
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.kind == Self.chain(".back{3}{0}", ("Page", 201), ("Link", 200)))
        #expect(suspect.count == 401 && suspect.className == "Page" && suspect.retainedSize == 30 + 200 * 58)
        #expect(suspect.holder?.ordinal == history)
    }

    @Test func findsATreeByItsRoot() throws {
        var (heap, global) = SmallHeap.ordinary()
        let root = heap.add(to: global, "TreeNode", 24, by: "root")
        var row = [root]
        for _ in 0..<9 {
            row = row.flatMap { node in
                let children = heap.add(to: node, "Array", 16, by: "children")
                let store = heap.add(to: children, "", 16, by: "elements", "internal", type: "array")
                return (0..<2).map { heap.add(to: store, "TreeNode", 24, by: "\($0)", "hidden") }
            }
        }
        let summary = try heap.summary()
        #expect(summary.suspects.count == 1)
        let suspect = try #require(summary.suspects.first)
        #expect(suspect.kind == .collection && suspect.className == "TreeNode" && suspect.count == 1023)
        #expect(suspect.holder?.ordinal == root && Self.expression(suspect.path) == "Global.root")
        #expect(summary.biggestObjects.count { $0.object.class == "TreeNode" } == 1)
        #expect(summary.biggestObjects.first?.object.ordinal == root)
    }

    /// `tail = tail.then(…)`: what the first waits for holds all but the last, which the variable has.
    @Test func findsTheEndOfAChainOfPromises() throws {
        var program = ProgramHeap()
        let scope = program.scope(of: "/srv/shop.js")
        let resolve = program.heap.add(to: scope, "", 32, by: "connected", "context", type: "closure")
        let inner = program.heap.add(to: resolve, "system / Context", 16, by: "context", "internal")
        let prototype = program.heap.add(to: program.global, "Promise", 16, by: "prototype")
        let first = program.heap.add(to: inner, "Promise", 48, by: "0", "context")
        var last = first
        for _ in 0..<200 {
            program.heap.link(last, prototype, "__proto__")
            let reaction = program.heap.add(
                to: last, "system / PromiseReaction", 48, by: "reactions_or_result", "internal", type: "hidden")
            _ = program.function(of: reaction, by: "2", "hidden", script: "/srv/shop.js", line: 6)
            last = program.heap.add(to: reaction, "Promise", 48, by: "3", "hidden")
        }
        program.heap.link(scope, last, "tail", "context")
        let suspect = try #require(try program.heap.summary().suspects.first)
        #expect(suspect.holder?.ordinal == first && suspect.count == 200 && suspect.pattern == .promises)
        #expect(suspect.kind == Self.chain("{reactions_or_result}{3}", ("Promise", 200)))
        #expect(suspect.retainedSize == 200 * (48 + 48 + 32) && suspect.path.variable?.name == "connected")
        #expect(suspect.tailPath?.variable?.name == "tail" && suspect.code?.place.location.line == 6)
    }

    /// What leads to the list is of its links' class, and no link.
    @Test func beginsAListWithItsFirstLink() throws {
        var (heap, global) = SmallHeap.ordinary()
        let callback = heap.add(to: global, "Function", 32, by: "callback", type: "closure")
        let scope = heap.add(to: callback, "system / Context", 16, by: "context", "internal")
        var last = heap.add(to: scope, "Function", 32, by: "undo", "context", type: "closure")
        let first = last
        for _ in 0..<200 {
            let inner = heap.add(to: last, "system / Context", 32, by: "context", "internal")
            last = heap.add(to: inner, "Function", 32, by: "prev", "context", type: "closure")
        }
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.kind == Self.chain("{context}->prev", ("Function", 201)))
        #expect(suspect.holder?.ordinal == first && suspect.count == 201)
    }

    /// Commands of many classes, each holding the one before: no class is often enough next to itself.
    @Test func findsAListOfManyClasses() throws {
        var (heap, global) = SmallHeap.ordinary()
        var random = SeededGenerator(state: 11)
        let editor = heap.add(to: global, "Editor", 16, by: "editor")
        let first = heap.add(to: editor, "Insert", 32, by: "last")
        var last = first
        for number in 1..<2000 {
            // In runs, so that a class is far from the next of its own.
            let name =
                number % 200 < 100 ? ["Insert", "Remove"].randomElement(using: &random) ?? "" : "Move\(number / 200)"
            last = heap.add(to: last, name, 32, by: "prev")
        }
        let summary = try heap.summary()
        let suspect = try #require(summary.suspects.first)
        #expect(summary.suspects.count == 1 && suspect.holder?.ordinal == first)
        // Of the classes that come before what is left is too little to be a suspect.
        #expect(suspect.retainedSize == 2000 * 32 && (1800...2000).contains(suspect.count))
        #expect(summary.biggestObjects.first?.object.ordinal == first)
    }

    /// The last link holds nearly all: it is the one to tell of, and each of the others is looked at once.
    @Test func findsWhatTheLastLinkOfALongListHolds() throws {
        var (heap, global) = SmallHeap.ordinary()
        var last = heap.add(to: global, "Step", 16, by: "chain")
        for _ in 0..<30_000 { last = heap.add(to: last, "Step", 1, by: "before") }
        let rows = heap.add(to: last, "Array", 16, by: "rows")
        for _ in 0..<1000 { _ = heap.add(to: rows, "Row", 1000) }
        let summary = try inTime { try heap.summary() }
        #expect(summary.suspects.map(\.className) == ["Row"])
        #expect(summary.biggestObjects.first?.object.ordinal == rows)
    }

    /// As much of it as the program is large, and no leak.
    @Test func suspectsNoSourceText() throws {
        var (heap, global) = SmallHeap.ordinary()
        let function = heap.add(to: global, "handler", 32, by: "handler", type: "closure")
        let shared = heap.add(to: function, "handler", 16, by: "shared", "internal", type: "code")
        let script = heap.add(to: shared, "/srv/bundle.js", 16, by: "script", "internal", type: "code")
        _ = heap.add(to: script, "const x = 1;", 50_000, by: "source", "internal", type: "string")
        #expect(try heap.summary().suspects.isEmpty)
    }

    /// It is one string to whoever appended to it.
    @Test func findsAStringOfManyParts() throws {
        var (heap, global) = SmallHeap.ordinary()
        let log = heap.add(to: global, "", 32, by: "log", type: "concatenated string")
        var last = log
        for number in 0..<300 {
            _ = heap.add(to: last, "line \(number)", 32, by: "second", "internal", type: "string")
            last = heap.add(to: last, "", 32, by: "first", "internal", type: "concatenated string")
        }
        let suspects = try heap.summary().suspects
        let suspect = try #require(suspects.first)
        #expect(suspects.count == 1 && suspect.kind == .single && suspect.count == 1)
        #expect(suspect.holder?.ordinal == log && suspect.retainedSize == 601 * 32)
    }

    /// Wrappers around wrappers: what is large is in the last of them.
    @Test func looksThroughAChainThatOnlyPassesOn() throws {
        var (heap, global) = SmallHeap.ordinary()
        var last = heap.add(to: global, "Proxy", 16, by: "proxy")
        for _ in 0..<20 { last = heap.add(to: last, "Proxy", 16, by: "target") }
        let cache = heap.add(to: last, "Cache", 16, by: "target")
        for _ in 0..<100 { _ = heap.add(to: cache, "Item", 100) }
        let summary = try heap.summary()
        #expect(summary.suspects.map(\.className) == ["Item"])
        #expect(summary.suspects.first?.holder?.ordinal == cache)
        #expect(summary.biggestObjects.first?.object.ordinal == cache)
    }

    /// A few levels of plain objects, each with parts of its own, are what every program has.
    @Test func takesNestedPlainObjectsForNoChain() throws {
        var (heap, global) = SmallHeap.ordinary()
        var last = heap.add(to: global, "Object", 16, by: "state")
        for level in 0..<8 {
            for number in 0..<20 { _ = heap.add(to: last, "Part\(level)", 50, by: "p\(number)") }
            last = heap.add(to: last, "Object", 16, by: "level\(level)")
        }
        for suspect in try heap.summary().suspects {
            if case .chain = suspect.kind { Issue.record("\(suspect)") }
        }
    }

    /// No one of the two holders would free them.
    @Test func findsWhatIsSpread() throws {
        var (heap, global) = SmallHeap.ordinary()
        let (first, second) = (heap.add(to: global, "First", 16, by: "a"), heap.add(to: global, "Second", 16, by: "b"))
        for number in 0..<100 {
            let part = heap.add(to: first, "Part", 100, by: "\(number)", "element")
            heap.link(second, part, "\(number)", "element")
        }
        let suspects = try heap.summary().suspects
        #expect(suspects.count == 1)
        let suspect = try #require(suspects.first)
        #expect(suspect.className == "Part" && suspect.count == 100 && suspect.kind == .spread)
        #expect(suspect.holder == nil && suspect.retainedSize == 10_000)
        #expect(suspect.path.steps.last?.object.class == "Part")
    }

    @Test func findsASingleObject() throws {
        var (heap, global) = SmallHeap.ordinary()
        let holder = heap.add(to: global, "Holder", 16, by: "holder")
        let text = heap.add(to: holder, "long", 50_000, by: "text", type: "string")
        let suspects = try heap.summary().suspects
        #expect(suspects.count == 1)
        let suspect = try #require(suspects.first)
        #expect(suspect.kind == .single && suspect.count == 1 && suspect.retainedSize == 50_000)
        #expect(suspect.holder?.ordinal == text && Self.expression(suspect.path) == "Global.holder.text")
    }

    @Test func findsALargeStoreByItsOwner() throws {
        var (heap, global) = SmallHeap.ordinary()
        let array = heap.add(to: global, "Array", 16, by: "numbers")
        _ = heap.add(to: array, "", 50_000, by: "elements", "internal", type: "array")
        let suspect = try #require(try heap.summary().suspects.first)
        #expect(suspect.kind == .single && suspect.className == "Array" && suspect.retainedSize == 50_016)
        #expect(suspect.holder?.ordinal == array)
    }

    @Test func findsTwoAtOnce() throws {
        var (heap, global) = SmallHeap.ordinary()
        for (name, count) in [("First", 100), ("Second", 60)] {
            let holder = heap.add(to: global, "Holder\(name)", 16, by: name)
            for _ in 0..<count { _ = heap.add(to: holder, name, 100) }
        }
        let suspects = try heap.summary().suspects
        #expect(suspects.map(\.className) == ["First", "Second"])
        #expect(suspects.map(\.count) == [100, 60])
    }

    /// What a function that runs holds may be gone at the next moment.
    @Test func namesLastWhatTheStackHolds() throws {
        var (heap, global) = SmallHeap.ordinary()
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let stack = heap.add(to: roots, "(Stack roots)", 0, by: "20", "element", type: "synthetic")
        _ = heap.add(to: stack, "Copy", 20_000, by: "3", "internal")
        _ = heap.add(to: global, "Original", 10_000, by: "original")
        #expect(try heap.summary().suspects.map(\.className) == ["Original", "Copy"])
    }

    @Test func namesFiveAtMost() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for number in 0..<8 { _ = heap.add(to: global, "Large\(number)", 1000 + UInt64(number), by: "l\(number)") }
        let suspects = try heap.summary().suspects
        #expect(suspects.map(\.className) == ["Large7", "Large6", "Large5", "Large4", "Large3"])
    }

    // MARK: Functions

    @Test func groupsClosuresAndTheirContexts() throws {
        var (heap, global) = SmallHeap.ordinary()
        for number in 0..<6 {
            let closure = heap.add(to: global, "listener", 30, by: "c\(number)", type: "closure")
            heap.locations.append((closure, 3, number / 4, 7))
            let context = heap.add(
                to: closure, "system / Context / listener", 20, by: "context", "internal", type: "object")
            _ = heap.add(to: context, "Held", 1000, by: "held", "context")
        }
        let summary = try heap.summary()
        #expect(summary.closures.prefix(2).map(\.count) == [4, 2])
        #expect(summary.closures.prefix(2).map { $0.line } == [0, 1])
        #expect(summary.closures.first?.function == "listener" && summary.closures.first?.retainedSize == 4 * 1050)
        #expect(summary.contexts.map(\.count) == [4, 2])
        #expect(summary.contexts.first?.retainedSize == 4 * 1020)
    }
}
