import Testing

@testable import HeapAnalysis

/// Paths begin where a person can begin to look.
struct PathVariableTests {
    /// A function of a script, and its context.
    private func function(
        _ heap: inout SmallHeap, of holder: Int, by edge: String, _ edgeType: String = "property", script: String
    ) -> Int {
        let closure = heap.add(to: holder, "f", by: edge, edgeType, type: "closure")
        let shared = heap.add(to: closure, "f", by: "shared", "internal", type: "code")
        _ = heap.add(to: shared, script, by: "script", "internal", type: "code")
        return heap.add(to: closure, "system / Context", by: "context", "internal")
    }

    private func path(_ make: (inout SmallHeap, _ global: Int) -> Int) throws -> RetainingPath {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let node = make(&heap, global)
        return try RetainerQuery(heap.analysis()).path(to: node)
    }

    @Test func isTheFirstOfTheApplications() throws {
        let path = try path { heap, global in
            let timers = function(&heap, of: global, by: "setTimeout", script: "node:timers")
            let list = heap.add(to: timers, "Object", by: "timerListMap", "context")
            let shop = function(&heap, of: list, by: "_onTimeout", script: "file:///srv/shop.js")
            let bus = heap.add(to: shop, "EventEmitter", by: "bus", "context")
            return heap.add(to: bus, "Array", by: "price")
        }
        #expect(path.variable?.name == "bus" && path.variable?.script == "file:///srv/shop.js")
        #expect(path.variable.map { path.steps[$0.step].object.class } == "EventEmitter")
    }

    /// A variable that holds a function leads to that one's variables, which may be of another file.
    @Test func goesThroughFunctions() throws {
        let path = try path { heap, global in
            let main = function(&heap, of: global, by: "main", script: "/srv/main.js")
            let hits = function(&heap, of: main, by: "hit", "context", script: "/srv/counter.js")
            return heap.add(to: hits, "Object", by: "hits", "context")
        }
        #expect(path.variable?.name == "hits" && path.variable?.script == "/srv/counter.js")
    }

    /// V8 has the name beside the variable's cell in the module's table, and the file with the module's code.
    @Test func isWhatAnESModuleExports() throws {
        let path = try path { heap, global in
            let wrap = heap.add(to: global, "ModuleWrap", by: "<symbol node:entry_point_module>")
            let module = heap.add(to: wrap, "system / SourceTextModule", by: "2", "internal", type: "hidden")
            let generator = heap.add(to: module, "Generator", by: "5", "hidden")
            _ = function(&heap, of: generator, by: "function", "internal", script: "file:///srv/tracker.mjs")
            let table = heap.add(to: module, "", by: "0", "hidden", type: "array")
            for (place, name) in ["hits", "visits"].enumerated() {
                _ = heap.add(to: table, name, by: "\(place * 2 + 3)", "internal", type: "string")
                let cell = heap.add(to: table, "system / Cell", by: "\(place * 2 + 4)", "internal", type: "hidden")
                _ = heap.add(to: cell, "Array", by: "value", "internal")
            }
            return heap.nodes.count - 1
        }
        #expect(path.variable?.name == "visits" && path.variable?.script == "file:///srv/tracker.mjs")
        #expect(path.variable?.isExport == true && path.variable?.step == path.steps.count - 1)
    }

    /// The module that owns the variable, by the name that it exports it by; not one that imports it and exports it again, which the
    /// path may lead over.
    @Test(arguments: [["other", "owner"], ["owner", "other"]])
    func isOfTheModuleThatOwnsIt(modules: [String]) throws {
        let path = try path { heap, global in
            let cell = heap.add("system / Cell", type: "hidden")
            _ = heap.add(to: cell, "Array", by: "value", "internal")
            for name in modules {
                let wrap = heap.add(to: global, "ModuleWrap", by: name)
                let module = heap.add(to: wrap, "system / SourceTextModule", by: "2", "internal", type: "hidden")
                let table = heap.add(to: module, "", by: "0", "hidden", type: "array")
                _ = heap.add(to: table, name == "owner" ? "sessions" : "again", by: "3", "internal", type: "string")
                heap.link(table, cell, "4", "internal")
                let generator = heap.add(to: module, "Generator", by: "4", "hidden")
                _ = function(&heap, of: generator, by: "function", "internal", script: "file:///srv/\(name).mjs")
                // Its own exports, or what it imports.
                let list = heap.add(to: module, "", by: name == "owner" ? "5" : "6", "hidden", type: "array")
                heap.link(list, cell, "0", "internal")
            }
            return cell + 1
        }
        #expect(path.variable?.script == "file:///srv/owner.mjs" && path.variable?.name == "sessions")
    }

    /// Of a cell that no module exports, nothing is said.
    @Test func isNoneForAnyOtherCell() throws {
        let path = try path { heap, global in
            let cell = heap.add(to: global, "system / Cell", by: "4", "internal", type: "hidden")
            return heap.add(to: cell, "Array", by: "value", "internal")
        }
        #expect(path.variable == nil)
    }

    @Test func isNoneWhereThereIsNone() throws {
        #expect(try path { heap, global in heap.add(to: global, "Set", by: "seen") }.variable == nil)
        let nodes = try path { heap, global in
            let timers = function(&heap, of: global, by: "setTimeout", script: "node:timers")
            return heap.add(to: timers, "Object", by: "timerListMap", "context")
        }
        #expect(nodes.variable == nil)
    }

    @Test func knowsWhatIsLeftOut() throws {
        func list(_ edges: [String], _ length: Int) throws -> RetainingPath {
            try path { heap, global in
                var last = heap.add(to: global, "Page", by: "history")
                for index in 0..<length { last = heap.add(to: last, "Page", by: edges[index % edges.count]) }
                return last
            }
        }
        #expect(try list(["next"], 500).cycle == 1 && list(["prev", "back"], 500).cycle == 2)
        #expect(try list(["a", "b", "c", "d"], 500).cycle == nil && list(["next"], 10).cycle == nil)
    }
}
