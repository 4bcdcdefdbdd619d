import Testing

@testable import HeapAnalysis

/// What is many by its number, in heaps of which it is no tenth.
struct ManyObjectsTests {
    private static let ballast: UInt64 = 40_000_000

    private static func many(_ make: (inout ProgramHeap) -> Void) throws -> [ManyObjects] {
        var heap = ProgramHeap(ballast: ballast)
        make(&heap)
        let summary = try heap.heap.summary()
        #expect(summary.suspects.isEmpty)
        return summary.many
    }

    private static func addListeners(_ heap: inout ProgramHeap, _ count: Int) {
        let bus = heap.heap.add(to: heap.scope(of: "/srv/shop.js"), "EventEmitter", 16, by: "bus", "context")
        let events = heap.heap.add(to: bus, "Object", 16, by: "_events")
        let prices = heap.array(of: events, by: "price")
        for number in 0..<count {
            let listener = heap.function(of: prices.store, by: "\(number)", "hidden", script: "/srv/shop.js", line: 8)
            heap.heap.link(prices.array, listener, "\(number)", "element")
        }
    }

    @Test func countsListenersOfOneEvent() throws {
        let many = try Self.many { Self.addListeners(&$0, 1000) }
        #expect(many.map(\.pattern) == [.listeners(event: "price")] && many.map(\.count) == [1000])
        #expect(
            many.first?.path?.variable?.name == "bus"
                && many.first?.path?.steps.last?.object.class == "EventEmitter")
        #expect(many.first?.code?.place.location.line == 8 && many.first?.code?.isOfAll == true)
        #expect(try Self.many { Self.addListeners(&$0, 999) }.isEmpty)
    }

    /// A list of them, as an AbortSignal has it.
    @Test func countsListenersOfAnEventTarget() throws {
        let many = try Self.many { heap in
            let signal = heap.heap.add(to: heap.scope(of: "/srv/shop.js"), "AbortSignal", 16, by: "signal", "context")
            let map = heap.heap.add(to: signal, "Map", 16, by: "<symbol kEvents>")
            let table = heap.heap.add(to: map, "", 16, by: "table", "internal", type: "array")
            let root = heap.heap.add(to: table, "Object", 16, by: "6", "internal")
            var last = root
            for _ in 0..<1200 {
                let listener = heap.heap.add(to: last, "Listener", 16, by: "next")
                heap.heap.link(listener, last, "previous")
                _ = heap.function(of: listener, by: "callback", script: "/srv/shop.js", line: 5)
                last = listener
            }
        }
        #expect(many.map(\.pattern) == [.listeners(event: nil)] && many.map(\.count) == [1200])
        #expect(many.first?.path?.steps.last?.object.class == "AbortSignal")
        #expect(many.first?.code?.place.location.line == 5)
    }

    /// - Parameter count: that call something.
    private static func addTimers(_ heap: inout ProgramHeap, _ count: Int, others: Int = 2000) {
        let list = heap.array(of: heap.function(of: heap.global, by: "setTimeout", script: "node:timers"), by: "list")
        let callbacks = [8, 9].map { heap.function(of: heap.global, by: "f\($0)", script: "/srv/shop.js", line: $0) }
        var before: Int?
        for number in 0..<count + others + 2000 {
            let timer = heap.heap.add(to: list.store, "Timeout", 64, by: "\(number)", "hidden")
            if let before { heap.heap.link(before, timer, "_idleNext") }
            before = timer
            // Of another place, or cleared: neither counts, whatever the next one calls.
            if number < count {
                heap.heap.link(timer, callbacks[0], "_onTimeout")
            } else if number < count + others {
                heap.heap.link(timer, callbacks[1], "_onTimeout")
            }
        }
    }

    /// Those of one place are a suspect; those of another are many all the same.
    @Test func tellsTimersOfOtherPlaces() throws {
        var heap = ProgramHeap()
        Self.addTimers(&heap, 150_000, others: 6000)
        let summary = try heap.heap.summary()
        #expect(summary.suspects.first?.pattern == .timers && summary.suspects.first?.code?.place.location.line == 8)
        #expect(summary.many.map(\.count) == [6000] && summary.many.first?.code?.place.location.line == 9)
    }

    @Test func countsTimersOfOnePlace() throws {
        let many = try Self.many { Self.addTimers(&$0, 5000) }
        #expect(many.map(\.pattern) == [.timers] && many.map(\.count) == [5000])
        #expect(many.first?.code?.place.location.line == 8 && many.first?.path == nil)
        #expect(try Self.many { Self.addTimers(&$0, 4999) }.isEmpty)
    }

    /// Those that have a value are settled.
    @Test func countsWhatWaitsForPromises() throws {
        func promises(_ count: Int) throws -> [ManyObjects] {
            try Self.many { heap in
                let waiting = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "waiting", "context")
                for number in 0..<count + 3000 {
                    let promise = heap.heap.add(to: waiting.store, "Promise", 48, by: "\(number)", "hidden")
                    let isPending = number < count
                    let value = heap.heap.add(
                        to: promise, isPending ? "system / PromiseReaction" : "Object", 32, by: "reactions_or_result",
                        "internal", type: isPending ? "hidden" : "object")
                    guard isPending else { continue }
                    _ = heap.function(of: value, by: "2", "hidden", name: "handle", script: "/srv/shop.js", line: 3)
                }
            }
        }
        let many = try promises(10_000)
        #expect(many.map(\.pattern) == [.promises] && many.map(\.count) == [10_000])
        #expect(many.first?.code?.function == "handle" && many.first?.code?.isExact == true)
        #expect(try promises(9999).isEmpty)
    }

    /// Lines of a text that are all kept are as much as the text.
    @Test func countsSlicesThatKeepMoreThanTheyAre() throws {
        func slices(_ length: Int, textSize: UInt64) throws -> [ManyObjects] {
            try Self.many { heap in
                let titles = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "titles", "context")
                for number in 0..<200 {
                    let text = heap.heap.add("text \(number)", textSize, type: "string")
                    for part in 0..<10 {
                        let slice = heap.heap.add(
                            to: titles.store, String(repeating: "x", count: length) + "\(number) \(part)", 32,
                            by: "\(number * 10 + part)", "hidden", type: "sliced string")
                        heap.heap.link(slice, text, "parent", "internal")
                    }
                }
            }
        }
        let many = try slices(20, textSize: 6000)
        #expect(
            many.map(\.pattern) == [.slicedStrings] && many.map(\.count) == [2000] && many.map(\.size) == [1_200_000])
        #expect(many.first?.path?.variable?.name == "titles")
        #expect(try slices(600, textSize: 6000).isEmpty && slices(20, textSize: 4000).isEmpty)
        // Of a longer text the beginning alone is in a snapshot.
        #expect(try slices(1024, textSize: 20_000).isEmpty)
    }

    @Test func countsRoomThatIsNotUsed() throws {
        func rooms(_ count: Int, items: Int) throws -> [ManyObjects] {
            try Self.many { heap in
                let lists = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "lists", "context")
                for number in 0..<count {
                    let list = heap.heap.add(to: lists.store, "Array", 16, by: "\(number)", "hidden")
                    let store = heap.heap.add(to: list, "", 1984, by: "elements", "internal", type: "array")
                    for item in 0..<items { _ = heap.heap.add(to: store, "Item", 8, by: "\(item)", "hidden") }
                }
            }
        }
        let many = try rooms(1000, items: 2)
        #expect(many.map(\.count) == [1000] && many.map(\.size) == [248 * 8 * 1000])
        #expect(many.first?.path?.variable?.name == "lists")
        #expect(try rooms(999, items: 2).isEmpty && rooms(1000, items: 63).isEmpty)
    }

    /// What a suspect says is not said again.
    @Test func saysNothingTwice() throws {
        var heap = ProgramHeap()
        Self.addListeners(&heap, 2000)
        let summary = try heap.heap.summary()
        #expect(summary.suspects.first?.pattern == .listeners(event: "price") && summary.many.isEmpty)
    }

    /// Emitters that share their arrays, as no program does: each array is counted once.
    @Test func countsWhatEmittersShareInTime() throws {
        let many = try inTime {
            try Self.many { heap in
                let events = heap.heap.add("Object", 16)
                let prices = heap.array(of: events, by: "price")
                for number in 0..<3000 {
                    let emitter = heap.heap.add(to: heap.global, "EventEmitter", 16, by: "e\(number)")
                    heap.heap.link(emitter, events, "_events")
                    let listener = heap.heap.add(to: prices.store, "f", 32, by: "\(number)", "hidden", type: "closure")
                    heap.heap.link(prices.array, listener, "\(number)", "element")
                }
            }
        }
        #expect(many.map(\.count) == [3000])
    }
}
