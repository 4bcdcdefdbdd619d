import Foundation
import HeapSnapshot
import SnapshotReading
import Testing

@testable import HeapAnalysis

/// A file read by two threads is what it is when it is read from its beginning to its end.
struct ParallelLoadTests {
    /// As V8 wrote it up to Node 23, as it writes it since, and as a person might.
    enum Style: String, CaseIterable {
        case lines = "\n,"
        case one = ","
        case spaced = " ,\n "
    }

    private static func locations(_ columns: SnapshotColumns) -> [String]? {
        columns.locations.map { all in all.rows.values.map { "\($0.ordinal) \(all[$0.place])" } }
    }

    /// A document with enough edges for several blocks from their end.
    private static func document(_ style: Style, nodes nodeCount: Int = 30_000, edges each: Int = 5) -> [UInt8] {
        let fields = #""node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],"#
        let types =
            #"[["hidden","array","string","object","code","closure","regexp","number","native","synthetic"],"string"]"#
        let edgeTypes = #"["context","element","property","internal","hidden","shortcut","weak"]"#
        var text = #"{"snapshot":{"meta":{\#(fields)"node_types":\#(types),"#
        text +=
            #""edge_fields":["type","name_or_index","to_node"],"edge_types":[\#(edgeTypes),"string_or_number","node"],"#
        text += #""location_fields":["object_index","script_id","line","column"]},"#
        text += #""node_count":\#(nodeCount),"edge_count":\#(nodeCount * each)},"nodes":["#
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        text += (0..<nodeCount).map { node in
            let size = next(50) == 0 ? 70_000 + next(1 << 20) : next(200)
            return
                "\(node == 0 ? 9 : next(9)),\(node == 0 ? 0 : next(50)),\(node * 2 + 1),\(size),\(each),0,\(next(99) / 98)"
        }.joined(separator: style.rawValue)
        text += "\n],\"edges\":["
        text += (0..<nodeCount * each).map { edge in
            let type = next(7)
            let name = type == 1 && next(100) == 0 ? "-2" : String(next(50))
            return "\(type),\(name),\(next(nodeCount) * 7)"
        }.joined(separator: style.rawValue)
        text += "],\n\"trace_function_infos\":[],\"trace_tree\":[],\"samples\":[],\"locations\":["
        text += (1..<500).map { "\($0 * 7),\(next(9)),\(next(900)),\(next(90))" }.joined(separator: style.rawValue)
        text += "],\n\"strings\":[\"\"" + (1..<50).map { ",\n\"s\($0)[1,2,\($0)]\\n\"" }.joined() + "]}"
        return Array(text.utf8)
    }

    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "/parallel-\(UUID().uuidString).heapsnapshot"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private func load(_ path: String, parallelFrom: UInt64) -> Result<LoadSnapshot.Loaded, LoadSnapshot.Failure> {
        let input = SnapshotInput(name: path, path: Array(path.utf8CString))
        return Result { () throws(LoadSnapshot.Failure) in try LoadSnapshot.load(input, parallelFrom: parallelFrom) }
    }

    private func expectSame(_ a: SnapshotColumns, _ b: SnapshotColumns, _ comment: Comment? = nil) {
        #expect(Array(a.types.values) == Array(b.types.values), comment)
        #expect(Array(a.names.values) == Array(b.names.values), comment)
        #expect(Array(a.firstEdges.values) == Array(b.firstEdges.values), comment)
        #expect(Array(a.edgeTargets.values) == Array(b.edgeTargets.values), comment)
        #expect(Array(a.edgeNames.values) == Array(b.edgeNames.values), comment)
        #expect((0..<a.nodeCount).allSatisfy { a.id($0) == b.id($0) && a.selfSize($0) == b.selfSize($0) }, comment)
        #expect((0..<a.strings.count).map(a.strings.string) == (0..<b.strings.count).map(b.strings.string), comment)
        #expect(Self.locations(a) == Self.locations(b), comment)
        #expect(a.detachedness.map(\.ordinal) == b.detachedness.map(\.ordinal), comment)
    }

    @Test(arguments: Style.allCases)
    func readsTheSame(style: Style) throws {
        let bytes = Self.document(style)
        try withFile(bytes) { path in
            let descriptor = open(path, O_RDONLY)
            defer { close(descriptor) }
            let collector = SnapshotCollector(documentBytes: UInt64(bytes.count))
            // Not nil: it was read so, not as a whole after all.
            let parallel = try #require(ParallelLoad(descriptor, UInt64(bytes.count), collector).run { _ in })
            let whole = try load(path, parallelFrom: .max).get()
            #expect(parallel.verdict == .valid(whole.counts))
            expectSame(try collector.finish(), whole.columns)
        }
    }

    /// With one byte changed, or cut short: whatever is wrong, or right, is told as it is told of the whole.
    @Test(arguments: Style.allCases)
    func findsTheSameFaults(style: Style) throws {
        var bytes = Self.document(style, nodes: 12_000, edges: 9)
        var generator = SystemRandomNumberGenerator()
        let characters = Array("0123456789,,,-[]{}\"\n .xe".utf8)
        var faults = 0
        for _ in 0..<24 {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let former = bytes[place]
            bytes[place] = characters.randomElement(using: &generator) ?? 0
            try withFile(bytes) { path in
                let comment: Comment = "byte \(place) is \(bytes[place]), was \(former)"
                switch (load(path, parallelFrom: 0), load(path, parallelFrom: .max)) {
                case (.success(let a), .success(let b)):
                    #expect(a.counts == b.counts, comment)
                    expectSame(a.columns, b.columns, comment)
                case (.failure(.verdict(let a, _)), .failure(.verdict(let b, _))):
                    #expect(a == b, comment)
                    faults += 1
                default: Issue.record(comment)
                }
            }
            bytes[place] = former
        }
        #expect(faults > 0)
        for length in [bytes.count / 3, bytes.count / 2, bytes.count * 9 / 10, bytes.count - 1] {
            try withFile(Array(bytes[..<length])) { path in
                guard case .failure(.verdict(let a, _)) = load(path, parallelFrom: 0),
                    case .failure(.verdict(let b, _)) = load(path, parallelFrom: .max)
                else {
                    Issue.record("\(length) bytes are enough")
                    return
                }
                #expect(a == b)
            }
        }
    }

    private func expectSameVerdict(_ text: String, _ comment: Comment) throws {
        try withFile(Array(text.utf8)) { path in
            guard case .failure(.verdict(let a, _)) = load(path, parallelFrom: 0),
                case .failure(.verdict(let b, _)) = load(path, parallelFrom: .max)
            else {
                Issue.record(comment)
                return
            }
            #expect(a == b, comment)
        }
    }

    /// More edges than any memory holds, or than a number does.
    @Test(arguments: ["9223372036854775808", "18446744073709551615", "4294967296", "149999", "150001"])
    func isNotMisledByTheCountOfEdges(count: String) throws {
        let text = String(decoding: Self.document(.one), as: UTF8.self)
            .replacing("\"edge_count\":150000", with: "\"edge_count\":\(count)")
            // The first node has all that the others do not.
            .replacing(#/"nodes":\[9,0,1,(\d+),5,/#) { match in
                "\"nodes\":[9,0,1,\(match.1),\((UInt64(count) ?? 0) - 29_999 * 5),"
            }
        try expectSameVerdict(text, "\(count)")
    }

    /// Sections that stand twice, with text between them that a sample takes for nodes or edges: each part is somebody's alone.
    @Test func isNotMisledBySectionsThatStandTwice() throws {
        let text = String(decoding: Self.document(.one, nodes: 4_000, edges: 3), as: UTF8.self)
            .replacing(#/,\n"trace_function_infos".*"locations":\[[^\]]*\]/#.dotMatchesNewlines()) { _ in "" }
            .replacing("\"trace_function_info_fields\"", with: "\"others\"")
        let strings = try #require(text.firstRange(of: "\"strings\":["))
        let list = text[strings.lowerBound...].dropLast()
        let long = list.dropLast() + String(repeating: ",\"more text than one block has\"", count: 60_000) + "]"
        let rows = (0..<400_000).map { "\($0 % 7),\($0 % 50),\($0 % 4000 * 7)" }.joined(separator: ",")
        try expectSameVerdict(
            text[..<strings.lowerBound] + long + ",\"x\":[\(rows)]," + long + "}", "strings twice, rows between them")
        let nodes = try #require(text.firstRange(of: "\"nodes\":["))
        let edges = try #require(text.firstRange(of: "\"edges\":["))
        let parts = text[nodes.lowerBound..<strings.lowerBound]
        let nodeRows = (0..<200_000).map { "3,1,\($0 * 2 + 9000),0,0,0,0" }.joined(separator: ",")
        try expectSameVerdict(
            text[..<nodes.lowerBound] + parts + "\"x\":[\(nodeRows)]," + text[edges.lowerBound..<strings.lowerBound]
                + list + "}",
            "edges twice, nodes between them")
    }
}
