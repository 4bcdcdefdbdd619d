import Testing

@testable import HeapSnapshot

/// Snapshots that DevTools opens although they are not as V8 writes them today.
struct OldFormatTests {
    /// Old V8 listed twelve types.
    private static let oldTypes = Sample.text.replacingFirst(
        "\"synthetic\"]", "\"synthetic\",\"concatenated string\",\"sliced string\"]")
    /// `oldTypes` with another type for the node after the root.
    private static func old(_ type: Int) -> String { oldTypes.replacingFirst(",3,2,3,16", ",\(type),2,3,16") }

    private func notes(on text: String, chunk: Int = .max) -> [String] {
        var validator = SnapshotValidator()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: min(chunk, bytes.count)) {
            bytes[start..<min(start + min(chunk, bytes.count), bytes.count)].withUnsafeBytes { validator.feed($0) }
        }
        #expect(validator.finish().name == "valid", "\(validator.finish())")
        return validator.notes
    }

    @Test(arguments: [12, 13, 14])
    func typesThatOldV8DidNotListAreNoted(type: Int) throws {
        let note = try #require(notes(on: Self.old(type)).first)
        #expect(note.hasPrefix("1 node has a type that the header does not list"))
        #expect(notes(on: Self.old(type), chunk: 1) == [note])
        #expect(verdict(on: Self.old(type)).counts == verdict(on: Self.oldTypes).counts?.longer(by: 1))
    }

    @Test func typesThatAreListedAreNotNoted() {
        #expect(notes(on: Self.oldTypes).isEmpty)
    }

    /// Nothing that V8 ever wrote, or a list that is not old V8's: the header contradicts the nodes.
    @Test func otherTypesAreInconsistent() {
        let renamed = Self.old(12).replacingFirst("\"sliced string\"", "\"cut string\"")
        let longer = Self.old(13).replacingFirst("\"sliced string\"", "\"sliced string\",\"symbol\"")
        for text in [
            Self.old(15), Self.old(200), renamed, longer, Sample.text.replacingFirst(",3,2,3,16", ",12,2,3,16"),
        ] {
            #expect(verdict(on: text).inconsistency?.invariant == .nodeType, "\(verdict(on: text))")
        }
    }

    @Test func theNamesOfUnlistedTypesAreKept() throws {
        let collector = SnapshotCollector(documentBytes: nil)
        var validator = SnapshotValidator(into: collector)
        Array(Self.old(12).utf8).withUnsafeBytes { validator.feed($0) }
        #expect(validator.finish().name == "valid")
        let columns = try collector.finish()
        #expect(columns.nodeTypeNames[columns.typeNumber(1)] == "symbol")
        #expect(columns.nodeTypeNames.dropFirst(12) == ["symbol", "13", "14"])
    }

    @Test func aRootWithTheIDZeroIsNoted() {
        let text = Sample.text.replacingFirst("[9,1,1,0,3", "[9,1,0,0,3")
        for size in [1, 1000] {
            #expect(
                notes(on: text, chunk: size) == [
                    "The root has the id 0, where V8 writes 1: another program wrote this file, such as Julia."
                ])
        }
        #expect(verdict(on: text).counts == Sample.counts)
        // It is an id as any other.
        let again = text.replacingFirst(",3,2,3,16", ",3,2,0,16")
        #expect(verdict(on: again).inconsistency?.invariant == .nodeIDUnique)
    }

    /// DevTools takes a field of these for unknown where it is not there.
    @Test(arguments: ["function_id", "script_id", "line", "column", "count", "size"])
    func traceFieldsMayBeCalledOtherwise(field: String) {
        let text = Sample.text.replacing("\"\(field)\",", with: "\"x\",").replacing("\"\(field)\"]", with: "\"x\"]")
        #expect(text != Sample.text && verdict(on: text) == .valid(Sample.counts.longer(by: text)))
    }

    // MARK: Types that a byte has no room for

    /// The sample with so many types before its own.
    private static func wide(_ count: Int, before: Bool) -> String {
        let more = (0..<count).map { "\"jl_type_\($0)\"" }.joined(separator: ",")
        let text = Sample.text.replacingFirst("[\"hidden\"", before ? "[\(more),\"hidden\"" : "[\"hidden\"")
            .replacingFirst("\"synthetic\"]", before ? "\"synthetic\"]" : "\"synthetic\",\(more)]")
        guard before else { return text.replacingFirst(",8,4,23", ",\(count + 9),4,23") }
        return text.replacingFirst("[9,1,1", "[\(count + 9),1,1").replacingFirst(",3,2,3,16", ",\(count + 3),2,3,16")
            .replacingFirst(",2,3,5,90", ",\(count - 1),3,5,90").replacingFirst(",8,4,23", ",\(count + 8),4,23")
    }

    private func columns(_ text: String) throws -> SnapshotColumns {
        let collector = SnapshotCollector(documentBytes: nil)
        var validator = SnapshotValidator(into: collector)
        Array(text.utf8).withUnsafeBytes { validator.feed($0) }
        #expect(validator.finish().name == "valid", "\(validator.finish())")
        return try collector.finish()
    }

    private func typeNames(_ columns: SnapshotColumns) -> [String] {
        (0..<columns.nodeCount).map { columns.nodeTypeNames[columns.typeNumber($0)] }
    }

    @Test(arguments: [200, 244, 245, 246, 247, 300, 5000])
    func thousandsOfTypesAreKept(count: Int) throws {
        let last = try columns(Self.wide(count, before: false))
        #expect(typeNames(last) == ["synthetic", "object", "string", "jl_type_\(count - 1)", "hidden"])
        let first = try columns(Self.wide(count, before: true))
        #expect(typeNames(first) == ["synthetic", "object", "jl_type_\(count - 1)", "native", "jl_type_0"])
        for columns in [last, first] {
            let codes = columns.typeCodes
            #expect(columns.types[0] == codes.code(named: "synthetic"))
            #expect(columns.types[1] == codes.code(named: "object"))
            #expect((columns.typeNumbers != nil) == (count + 10 > 255))
            #expect(codes.code(named: "bigint") == NodeTypeCodes.none)
        }
        // Whatever is none of V8's is none of V8's in its byte either.
        let own = OldNodeTypes.listed.dropLast(2).map { first.typeCodes.code(named: $0) }
        #expect(Set(own).count == own.count && !own.contains(first.types[2]) && !own.contains(first.types[4]))
    }
}

extension SnapshotCounts {
    fileprivate func longer(by bytes: UInt64) -> SnapshotCounts {
        var counts = self
        counts.bytes += bytes
        return counts
    }

    fileprivate func longer(by text: String) -> SnapshotCounts {
        var counts = self
        counts.bytes = UInt64(text.utf8.count)
        return counts
    }
}
