import HeapSnapshot
import Testing

@testable import HeapAnalysis
@testable import HeapdumpCommands

/// What is printed of numbers that a file may have of any size.
struct HeapTextPrinterTests {
    @Test(arguments: [
        (0.0, "0 %"), (0.004, "<1 %"), (0.005, "1 %"), (1, "100 %"), (1.8e17, "100 %"), (-3, "0 %"),
    ])
    func saysShares(share: Double, text: String) {
        #expect(HeapTextPrinter.percent(share) == text)
    }

    /// Editors count from 1: the last line has no number of its own in 32 bits.
    @Test func saysPlacesAtTheEndOfNumbers() throws {
        let text = """
            {"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
            "node_types":[["synthetic","closure"],"string","number","number","number"],
            "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"],"string_or_number","node"],
            "location_fields":["object_index","script_id","line","column"]},"node_count":2,"edge_count":1},
            "nodes":[0,0,1,0,1,1,0,3,1,0],"edges":[0,0,5],
            "locations":[5,18,0,4294967295,5,4294967295,4294967295,4294967295],"strings":[""]}
            """
        let collector = SnapshotCollector(documentBytes: nil)
        var validator = SnapshotValidator(into: collector)
        Array(text.utf8).withUnsafeBytes { validator.feed($0) }
        _ = validator.finish()
        let columns = try collector.finish()
        let places = try #require(columns.locations).places.values.map {
            HeapTextPrinter.place(CodePlace(location: $0, script: nil))
        }
        #expect(places == ["script 18:1:4294967296", "script 4294967295:4294967296:4294967296"])
    }

    /// The place goes before the name does, and the name before its beginning.
    @Test(arguments: [
        ("onPrice", 60, "function onPrice (shop.js:21)"), ("", 60, "function (shop.js:21)"),
        ("onPrice", 22, "function onPrice"),
        ("aNameThatIsLongerThanItsPlace", 36, "function aNameThatIsLo… (shop.js:21)"),
    ])
    func saysWhereFunctionsStand(name: String, longest: Int, text: String) {
        let place = CodePlace(location: ScriptLocation(scriptID: 7, line: 20, column: 3), script: "file:///srv/shop.js")
        var object = HeapObject(
            ordinal: 1, id: 3, name: name, class: "Function", type: "closure", shallowSize: 8, retainedSize: 8,
            distance: 1)
        object.place = place
        #expect(HeapTextPrinter.object(object, longest: longest) == text)
    }
}
