import Testing

@testable import HeapAnalysis

/// What several variables share, and what Proxies hold.
struct SharedScopeTests {
    @Test func namesTheVariablesAndTheirFile() throws {
        var heap = ProgramHeap()
        let scope = heap.scope(of: "file:///srv/shop.js")
        let recent = heap.array(of: scope, by: "recent", "context")
        let byName = heap.heap.add(to: scope, "Map", 16, by: "byName", "context")
        let table = heap.heap.add(to: byName, "", 16, by: "table", "internal", type: "array")
        _ = heap.heap.add(to: scope, "Settings", 16, by: "settings", "context")
        for number in 0..<100 {
            let order = heap.heap.add(to: recent.store, "Order", 100, by: "\(number)", "hidden")
            heap.heap.link(table, order, "\(number)", "internal")
        }
        let suspect = try #require(try heap.heap.summary().suspects.first)
        #expect(suspect.className == "Order" && suspect.count == 100 && suspect.kind == .collection)
        #expect(suspect.scope?.variables == ["recent", "byName"] && suspect.scope?.moreCount == 0)
        #expect(suspect.scope?.script == "file:///srv/shop.js")
    }

    @Test func countsVariablesBeyondThree() throws {
        var heap = ProgramHeap()
        let scope = heap.scope(of: "/srv/shop.js")
        let stores = (0..<5).map { heap.array(of: scope, by: "list\($0)", "context").store }
        for number in 0..<100 {
            let order = heap.heap.add("Order", 100)
            for store in stores { heap.heap.link(store, order, "\(number)", "hidden") }
        }
        let scopeOfAll = try #require(try heap.heap.summary().suspects.first?.scope)
        #expect(scopeOfAll.variables == ["list0", "list1", "list2"] && scopeOfAll.moreCount == 2)
    }

    @Test func isNoneWhereOneVariableHoldsThem() throws {
        var heap = ProgramHeap()
        let orders = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "orders", "context")
        for number in 0..<100 { _ = heap.heap.add(to: orders.store, "Order", 100, by: "\(number)", "hidden") }
        #expect(try heap.heap.summary().suspects.first?.scope == nil)
    }

    /// To DevTools they are V8's own; the table of classes says so, too.
    @Test(arguments: [(100, "Proxy"), (99, "(system)")])
    func callsProxiesSo(count: Int, className: String) throws {
        var heap = ProgramHeap()
        let proxies = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "proxies", "context")
        for number in 0..<100 {
            let name = number < count ? "system / JSProxy" : "system / Foreign"
            let proxy = heap.heap.add(to: proxies.store, name, 32, by: "\(number)", "hidden", type: "hidden")
            _ = heap.heap.add(to: proxy, "Target\(number)", 100, by: "0", "hidden")
        }
        let summary = try heap.heap.summary()
        #expect(summary.suspects.first?.className == className && summary.suspects.first?.count == 100)
        #expect(!summary.classes.contains { $0.name == "Proxy" })
    }
}
