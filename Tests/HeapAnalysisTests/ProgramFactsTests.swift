import Testing

@testable import HeapAnalysis

/// What the heap's own `process` object says of the program.
struct ProgramFactsTests {
    private struct Program {
        var heap = SmallHeap()
        let global: Int
        let process: Int
        let arguments: Int

        init() {
            global = heap.addGlobal()
            // The prototype is called the same.
            _ = heap.add(to: global, "process")
            process = heap.add(to: global, "process", by: "process")
            arguments = heap.add(to: process, "Array", by: "argv")
            for (number, text) in ["/usr/bin/node", "/srv/app/server.js", "--token=secret"].enumerated() {
                _ = heap.add(to: arguments, text, by: "\(number)", "element", type: "string")
            }
            _ = heap.add(to: process, "v22.20.0", by: "version", type: "string")
        }

        func facts() throws -> ProgramFacts? { try heap.analysis().programFacts() }
    }

    @Test func tellsScriptAndVersion() throws {
        #expect(try Program().facts() == ProgramFacts(script: "/srv/app/server.js", runtime: "Node v22.20.0"))
    }

    @Test func joinsConcatenatedPaths() throws {
        var heap = SmallHeap()
        let process = heap.add(to: heap.addGlobal(), "process")
        let arguments = heap.add(to: process, "Array", by: "argv")
        let path = heap.add(to: arguments, "", by: "1", "element", type: "concatenated string")
        for (edge, text) in [("first", "/srv/"), ("second", "main.js")] {
            _ = heap.add(to: path, text, by: edge, "internal", type: "string")
        }
        #expect(try heap.analysis().programFacts() == ProgramFacts(script: "/srv/main.js", runtime: nil))
    }

    @Test(arguments: [("bun", "Bun"), ("deno", "Deno")])
    func doesNotTakeOthersForNode(key: String, name: String) throws {
        var program = Program()
        let versions = program.heap.add(to: program.process, "Object", by: "versions")
        _ = program.heap.add(to: versions, "1.4.4", by: key, type: "string")
        #expect(try program.facts()?.runtime == "\(name) 1.4.4")
    }

    /// Other things of that name, and values that are no text.
    @Test func saysNothingOfWhatIsNotThere() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        #expect(try heap.analysis().programFacts() == nil)
        _ = heap.add(to: global, "process", type: "string")
        let process = heap.add(to: global, "process")
        #expect(try heap.analysis().programFacts() == nil)
        let arguments = heap.add(to: process, "Array", by: "argv")
        _ = heap.add(to: arguments, "Session", by: "1", "element")
        _ = heap.add(to: process, "Session", by: "version")
        #expect(try heap.analysis().programFacts() == nil)
    }

    /// A program with many objects of that name does not hold up the report.
    @Test func looksAtFewOfThem() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for _ in 0..<100 { _ = heap.add(to: global, "process") }
        let process = heap.add(to: global, "process")
        _ = heap.add(to: heap.add(to: process, "Array", by: "argv"), "/a.js", by: "1", "element", type: "string")
        #expect(try heap.analysis().programFacts() == nil)
    }
}
