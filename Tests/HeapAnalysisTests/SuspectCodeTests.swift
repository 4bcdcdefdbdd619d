import Testing

@testable import HeapAnalysis

/// Whose code is behind a suspect, what is Node's own, and what has a name of its own.
struct SuspectCodeTests {
    @Test func namesTheFunctionOfListeners() throws {
        var heap = ProgramHeap()
        let bus = heap.heap.add(to: heap.global, "EventEmitter", 16, by: "bus")
        let events = heap.heap.add(to: bus, "Object", 16, by: "_events")
        let store = heap.array(of: events, by: "price").store
        for number in 0..<100 {
            _ = heap.function(of: store, by: "\(number)", "hidden", name: "onPrice", script: "/srv/shop.js", line: 20)
        }
        let suspect = try #require(try heap.heap.summary().suspects.first)
        #expect(suspect.pattern == .listeners(event: "price") && suspect.count == 100)
        #expect(suspect.code?.function == "onPrice" && suspect.code?.place.location.line == 20)
        #expect(suspect.code?.place.script == "/srv/shop.js" && suspect.code?.isOfAll == true)
    }

    @Test func namesAnEventThatIsNoIdentifier() throws {
        var heap = ProgramHeap()
        let events = heap.heap.add(to: heap.global, "Object", 16, by: "_events")
        let store = heap.array(of: events, by: "price change").store
        for number in 0..<100 { _ = heap.function(of: store, by: "\(number)", "hidden", script: "/srv/shop.js") }
        #expect(try heap.heap.summary().suspects.first?.pattern == .listeners(event: "price change"))
    }

    @Test func namesWhatTimersCall() throws {
        var heap = ProgramHeap()
        let lists = heap.function(of: heap.global, by: "setTimeout", script: "node:timers")
        let store = heap.array(of: lists, by: "list").store
        for number in 0..<100 {
            let timer = heap.heap.add(to: store, "Timeout", 64, by: "\(number)", "hidden")
            _ = heap.function(of: timer, by: "_onTimeout", script: "/srv/shop.js", line: number < 70 ? 7 : 9)
        }
        let suspect = try #require(try heap.heap.summary().suspects.first)
        #expect(suspect.pattern == .timers && suspect.className == "Timeout")
        #expect(suspect.code?.place.location.line == 7 && suspect.code?.isOfAll == false)
        #expect(suspect.code?.count == 70 && suspect.code?.isExact == true)
    }

    /// Of very many, so many are looked at, and how many is said.
    @Test func saysHowManyItLookedAt() throws {
        func code(_ count: Int) throws -> SuspectCode? {
            var heap = ProgramHeap()
            let store = heap.array(of: heap.global, by: "waiting").store
            let function = heap.function(of: heap.global, by: "callback", script: "/srv/shop.js")
            for number in 0..<count {
                let timer = heap.heap.add(to: store, "Timeout", 64, by: "\(number)", "hidden")
                heap.heap.link(timer, function, "_onTimeout")
            }
            return try heap.heap.summary().suspects.first?.code
        }
        let (few, many) = (try #require(try code(20_000)), try #require(try code(20_500)))
        #expect(few.count == 20_000 && few.examined == 20_000 && few.isOfAll && few.isExact)
        #expect(many.count == 20_000 && many.examined == 20_000 && many.total == 20_500)
        #expect(!many.isOfAll && !many.isExact)
    }

    /// Each reaction leads over what waits in an async function to that function.
    @Test func namesWhatPromisesWaitFor() throws {
        var heap = ProgramHeap()
        let store = heap.array(of: heap.global, by: "waiting").store
        for number in 0..<100 {
            let promise = heap.heap.add(to: store, "Promise", 64, by: "\(number)", "hidden")
            let reaction = heap.heap.add(
                to: promise, "system / PromiseReaction", 32, by: "reactions_or_result", "internal", type: "hidden")
            let context = heap.heap.add(to: reaction, "system / Context", 32, by: "2", "hidden")
            let async = heap.heap.add(to: context, "system / JSAsyncFunctionObject", 32, by: "extension", "internal")
            _ = heap.function(of: async, by: "function", "internal", name: "handle", script: "/srv/shop.js", line: 3)
        }
        let suspect = try #require(try heap.heap.summary().suspects.first)
        #expect(suspect.pattern == .promises && suspect.code?.function == "handle")
    }

    /// Objects have methods, which say nothing of why there are many of them.
    @Test func saysNothingOfObjectsThatCallNothing() throws {
        var heap = ProgramHeap()
        let store = heap.array(of: heap.global, by: "sessions").store
        for number in 0..<100 {
            let session = heap.heap.add(to: store, "Session", 64, by: "\(number)", "hidden")
            _ = heap.function(of: session, by: "method", script: "/srv/shop.js")
        }
        let suspect = try #require(try heap.heap.summary().suspects.first)
        #expect(suspect.code == nil && suspect.pattern == nil && suspect.className == "Session")
    }

    @Test func tellsSlicesFromShortStrings() throws {
        func suspect(textOf slice: String) throws -> LeakSuspect? {
            var heap = ProgramHeap()
            let store = heap.array(of: heap.global, by: "titles").store
            for number in 0..<50 {
                let piece = heap.heap.add(
                    to: store, slice + "\(number)", 32, by: "\(number)", "hidden", type: "sliced string")
                _ = heap.heap.add(to: piece, "text \(number)", 400, by: "parent", "internal", type: "string")
            }
            return try heap.heap.summary().suspects.first
        }
        #expect(try suspect(textOf: "title")?.pattern == .slicedStrings)
        #expect(try suspect(textOf: String(repeating: "x", count: 380))?.pattern == nil)
    }

    /// An array of numbers has none of them in the document, and looks as if it were empty.
    @Test(arguments: [
        ("Array", 10, true), ("Array", 1500, false), ("Array", 0, false), ("Map", 10, true), ("Holder", 10, false),
    ])
    func tellsRoomThatIsNotUsed(className: String, count: Int, isSpare: Bool) throws {
        var heap = ProgramHeap()
        let holder = heap.heap.add(to: heap.global, className, 16, by: "held")
        let store = heap.heap.add(to: holder, "", 40_000, by: "elements", "internal", type: "array")
        for number in 0..<count { _ = heap.heap.add(to: store, "Item", 8, by: "\(number)", "hidden") }
        let suspect = try #require(try heap.heap.summary().suspects.first)
        #expect(suspect.kind == .single && suspect.className == className)
        guard case .spareCapacity(let used, let places) = suspect.pattern else {
            #expect(!isSpare, "\(suspect)")
            return
        }
        #expect(isSpare && used == (className == "Map" ? 5 : 10) && places == 40_016 / (className == "Map" ? 28 : 8))
    }

    // MARK: Node's own

    /// - Parameter script: of the function that the table hangs on.
    private static func table(of script: String, _ count: Int, leadsTo other: String? = nil) -> ProgramHeap {
        var heap = ProgramHeap()
        let require = heap.function(of: heap.global, by: "require", script: script)
        let context = heap.heap.add(to: require, "system / Context", 32, by: "context", "internal")
        let map = heap.heap.add(to: context, "Map", 32, by: "map", "context")
        let store = heap.heap.add(to: map, "", 32, by: "table", "internal", type: "array")
        for number in 0..<count {
            let module = heap.heap.add(to: store, "BuiltinModule", 100, by: "\(number)", "hidden")
            if let other { _ = heap.function(of: module, by: "f", script: other) }
        }
        return heap
    }

    @Test func suspectsNoTableOfNodes() throws {
        #expect(try Self.table(of: "node:internal/bootstrap/realm", 300).heap.summary().suspects.isEmpty)
        #expect(try Self.table(of: "/srv/realm.js", 300).heap.summary().suspects.first?.className == "BuiltinModule")
    }

    /// What an application put there is its own, and so is what has grown beyond what Node has anyway.
    @Test func suspectsWhatAccumulatesInNode() throws {
        let ours = Self.table(of: "node:internal/x", 300, leadsTo: "/srv/shop.js")
        #expect(try ours.heap.summary().suspects.first?.className == "BuiltinModule")
        let large = Self.table(of: "node:internal/x", 40_000)
        #expect(try large.heap.summary().suspects.first?.className == "BuiltinModule")
    }

    // MARK: Whose contexts

    /// All functions of a module have its variables; what one function made belongs to the first that keeps it.
    @Test func creditsAModulesVariablesToTheModule() throws {
        var heap = ProgramHeap()
        let native = heap.heap.add(
            to: heap.global, "system / NativeContext", 16, by: "native", "internal", type: "hidden")
        var module: Int?
        for name in ["first", "second"] {
            let function = heap.function(of: heap.global, by: name, name: name, script: "/srv/shop.js")
            if let module {
                heap.heap.link(function, module, "context", "internal")
                continue
            }
            let context = heap.heap.add(to: function, "system / Context", 40, by: "context", "internal")
            heap.heap.link(context, native, "previous", "internal")
            _ = heap.heap.add(to: context, "Array", 5000, by: "orders", "context")
            module = context
        }
        let handler = heap.function(of: heap.global, by: "handler", name: "handler", script: "/srv/shop.js", line: 9)
        let inner = heap.heap.add(to: handler, "system / Context", 40, by: "context", "internal")
        heap.heap.link(inner, try #require(module), "previous", "internal")
        _ = heap.heap.add(to: inner, "Array", 700, by: "data", "context")
        let contexts = Array(try heap.heap.summary().contexts)
        #expect(contexts.map(\.retainedSize) == [5040, 740])
        #expect(contexts.map(\.scopeOfScript) == ["/srv/shop.js", nil])
        #expect(contexts.map(\.function) == ["", "handler"] && contexts.map(\.count) == [1, 1])
    }
}
