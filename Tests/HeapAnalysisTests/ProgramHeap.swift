/// A heap of a program with functions, in which nothing that is added is a tenth by itself unless it is large.
struct ProgramHeap {
    var heap = SmallHeap()
    let global: Int
    private var scripts: [String: Int] = [:]

    /// - Parameter ballast: in bytes, what else there is, of many classes.
    init(ballast: UInt64 = 4000) {
        global = heap.addGlobal()
        for number in 0..<40 { _ = heap.add(to: global, "Kind\(number)", ballast / 40, by: "k\(number)") }
    }

    /// - Parameter line: as in the document, from 0.
    mutating func function(
        of holder: Int, by edge: String, _ edgeType: String = "property", name: String = "", script: String,
        line: Int = 0
    ) -> Int {
        let closure = heap.add(to: holder, name, 32, by: edge, edgeType, type: "closure")
        let number = scripts[script] ?? scripts.count + 1
        scripts[script] = number
        heap.locations.append((closure, number, line, 4))
        let shared = heap.add(to: closure, name, 0, by: "shared", "internal", type: "code")
        _ = heap.add(to: shared, script, 0, by: "script", "internal", type: "code")
        return closure
    }

    /// The variables of a function of the global object's.
    mutating func scope(of script: String, by edge: String = "main") -> Int {
        let function = function(of: global, by: edge, script: script)
        return heap.add(to: function, "system / Context", 16, by: "context", "internal")
    }

    /// An array with its store.
    /// - Returns: both.
    mutating func array(of holder: Int, by edge: String, _ edgeType: String = "property") -> (array: Int, store: Int) {
        let array = heap.add(to: holder, "Array", 16, by: edge, edgeType)
        return (array, heap.add(to: array, "", 16, by: "elements", "internal", type: "array"))
    }
}
