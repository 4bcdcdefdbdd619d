import Testing

@testable import HeapSnapshot

/// One violation: the sample with `old` replaced by `new`, in which `@` marks the offending byte.
struct Violation: Sendable, CustomTestStringConvertible {
    let invariant: SnapshotInvariant
    let section: SnapshotSection
    let old: String
    let new: String

    init(_ invariant: SnapshotInvariant, _ section: SnapshotSection, _ old: String, _ new: String) {
        self.invariant = invariant
        self.section = section
        self.old = old
        self.new = new
    }

    var testDescription: String { "\(invariant.rawValue): \(new.prefix(40))" }

    static let all: [Violation] = [
        .init(.jsonSyntax, .snapshot, "\"node_count\":5", "\"node_count\":@x"),
        .init(.jsonSyntax, .snapshot, "\"node_count\":5", "\"node_count\":0@5"),
        .init(.jsonSyntax, .document, "\"edges\"", "@edges"),
        .init(.jsonSyntax, .edges, "\"edges\":", "\"edges\"@;"),
        .init(.jsonSyntax, .nodes, "9,1,1,0,3", "9,1,1@;0,3"),
        .init(.jsonSyntax, .nodes, "9,1,1,0,3", "9,1 @1,0,3"),
        .init(.jsonSyntax, .strings, "Window", "Win@\u{1}dow"),
        .init(.jsonSyntax, .strings, "Window", "Win\\@xdow"),
        .init(.jsonSyntax, .strings, "Window", "Win\\u12@gdow"),
        .init(.jsonSyntax, .strings, "\"Window\"", "\"Window\"@\"\""),
        .init(.jsonSyntax, .unknown, "\"nodes\"", "\"x\":[1@},\"nodes\""),
        .init(.jsonSyntax, .unknown, "\"nodes\"", "\"x\":tru@,,\"nodes\""),
        .init(.jsonSyntax, .unknown, "\"nodes\"", "\"x\":1.@,\"nodes\""),
        .init(.jsonSyntax, .unknown, "\"nodes\"", "\"x\":{\"a\":1,@},\"nodes\""),
        .init(
            .nestingDepth, .unknown, "\"nodes\"", "\"x\":" + String(repeating: "[", count: 1000) + "@[,\"nodes\""),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":@-5"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":@5.0"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":@5e0"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":@\"5\""),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":@18446744073709551616"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":@18446744073709551615"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":5,@\"node_\\u0063ount\":5"),
        .init(.headerFields, .snapshot, "\"trace_function_count\":2", "\"trace_function_count\":@null"),
        .init(.headerFields, .snapshot, "{\"meta\"", "@{\"meta\"").replacing("\"edge_count\":6,", ""),
        .init(.metaFields, .snapshot, "\"node_fields\":[\"type\"", "\"node_fields\":@[\"kind\""),
        .init(.metaFields, .snapshot, "\"node_fields\":[\"type\"", "\"node_fields\":@[\"id\""),
        .init(.metaFields, .snapshot, "\"node_fields\":[\"type\"", "\"node_fields\":@[7"),
        .init(.metaFields, .snapshot, "\"edge_types\":[[", "\"edge_types\":@[\"x\",["),
        .init(.metaFields, .snapshot, "\"node_fields\"", "\"x\":1,@\"x\":2,\"node_fields\""),
        .init(.metaFields, .snapshot, "[\"object_index\"", "@[\"object\""),
        .init(.sectionName, .document, "\"samples\"", "@\"s\\u0061mples\""),
        .init(.sectionOrder, .document, "\"edges\"", "\"samples\":[],@\"edges\"").replacing(
            "\"trace_function_count\":2", "\"trace_function_count\":0"
        ).replacing("\"samples\":[],@\"edges\"", "\"edges\"").replacing(
            "\"trace_tree\":[1", "\"samples\":[],@\"trace_tree\":[1"),
        .init(.sectionOnce, .document, "\"trace_tree\"", "@\"edges\":[],\"trace_tree\""),
        .init(.sectionOnce, .document, "\"nodes\"", "@\"snapshot\":{},\"nodes\""),
        .init(.sectionPresent, .document, "\"edges\"", "@\"strings\""),
        .init(.sectionPresent, .document, "\"samples\":[0,7\n,1000,9\n],\n\"loc", "@\"loc"),
        .init(.sectionType, .nodes, "[9,1,1", "@{9,1,1"),
        .init(.stringsLast, .document, "\"file.js\"]", "\"file.js\"],@\"x\":1"),
        .init(.jsonSyntax, .document, "\"file.js\"]", "\"file.js\"] , @"),
        .init(.jsonSyntax, .document, "\"file.js\"]", "\"file.js\"],@x"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":5,\"\\uD83D\\uDE00\":1,@\"\u{1F600}\":2"),
        .init(.headerFields, .snapshot, "\"node_count\":5", "\"node_count\":5,\"\\uD800\":1,@\"\\ud800\":2"),
        .init(.unsignedInteger, .nodes, "9,1,1,0,3", "9,1,1,@-0,3"),
        .init(.unsignedInteger, .nodes, "9,1,1,0,3", "9,1,1,0@.5,3"),
        .init(.unsignedInteger, .nodes, "9,1,1,0,3", "9,1,1,1@e3,3"),
        .init(.unsignedInteger, .nodes, "9,1,1,0,3", "9,1,1,@00,3"),
        .init(.unsignedInteger, .nodes, "9,1,1,0,3", "9,1,1,@012345678901234567,3"),
        .init(.unsignedInteger, .edges, ",4,99,0", ",4,@\"99\",0"),
        .init(.unsignedInteger, .edges, ",4,99,0", ",4,-@0,0"),
        .init(.unsignedInteger, .edges, ",4,99,0", ",4,-@,0"),
        .init(.unsignedInteger, .edges, ",4,99,0", ",@-4,99,0"),
        .init(.unsignedInteger, .edges, ",4,99,0", ",4,99,@-7"),
        .init(.integerRange, .edges, ",4,99,0", ",4,@-2147483649,0"),
        .init(.edgeName, .edges, ",2,4,28", ",2,@-4,28"),
        .init(.unsignedInteger, .edges, "7\n]", "7\n,@]"),
        .init(.unsignedInteger, .traceTree, "[2,1,3,48,[]]", "[2,1,@-3,48,[]]"),
        .init(.unsignedInteger, .traceTree, "[2,1,3,48,[]]", "[2,1,3@.5,48,[]]"),
        .init(.integerRange, .nodes, "9007199254740993", "@18446744073709551616"),
        .init(.integerRange, .traceTree, "[2,1,3,48,[]]", "[2,1,@18446744073709551616,48,[]]"),
        .init(.wholeRows, .nodes, ",0,0,7,0,0,0,0\n]", ",0,0,7,0,0,0\n@]"),
        .init(.wholeRows, .samples, ",1000,9\n]", ",1000\n@]"),
        .init(.nodeCount, .nodes, "\"node_count\":5", "\"node_count\":6").replacing(
            "0,0,7,0,0,0,0\n]", "0,0,7,0,0,0,0\n@]"),
        .init(.nodeCount, .nodes, ",0,0,7,0,0,0,0\n", ",0,0,7,0,0,0,0\n,@0,0,9,0,0,0,0"),
        .init(.nodeType, .nodes, ",3,2,3,16", ",@10,2,3,16"),
        .init(.nodeName, .nodes, ",3,2,3,16", ",3,@6,3,16"),
        .init(.nodeIDUnique, .nodes, ",0,0,7,0", ",0,0,@2358473056,0"),
        .init(.rootNode, .nodes, "[9,1,1", "[@8,1,1"),
        .init(.rootNode, .nodes, "[9,1,1", "[9,1,@3"),
        .init(.rootNode, .strings, "\"\",", "@\"x\","),
        .init(.edgeCount, .edges, ",0,5,7\n]", "@]"),
        .init(.edgeCount, .edges, ",0,5,7\n]", ",0,5,7,@0,5,7\n]"),
        .init(.edgeCountSum, .nodes, "40,1,0,2", "40,@2,0,2"),
        .init(.edgeCountSum, .nodes, "40,1,0,2", "40,@18446744073709551615,0,2"),
        .init(.edgeCountSum, .nodes, "40,1,0,2\n,0,0,7,0,0,0,0\n]", "40,0,0,2\n,0,0,7,0,0,0,0\n@]"),
        .init(.edgeType, .edges, ",5,2,14", ",@7,2,14"),
        .init(.edgeName, .edges, ",5,2,14", ",5,@6,14"),
        .init(.edgeName, .edges, ",6,4,21", ",6,@4000000000,21"),
        .init(.edgeTarget, .edges, ",5,2,14", ",5,2,@15"),
        .init(.edgeTarget, .edges, ",5,2,14", ",5,2,@35"),
        .init(.traceFunctionName, .traceFunctionInfos, ",1,4,5,2", ",1,4,@6,2"),
        .init(.metaFields, .snapshot, "\"trace_function_info_fields\":[\"function_id\"", "\"x\":[\"function_id\"")
            .replacing("{\"node_fields\"", "@{\"node_fields\""),
        .init(.metaFields, .snapshot, "\"trace_node_fields\":[\"id\"", "\"x\":[\"id\"")
            .replacing("{\"node_fields\"", "@{\"node_fields\""),
        .init(.metaFields, .snapshot, "[\"id\",\"function_info_index\"", "@[\"id\",\"function_info\""),
        .init(.metaFields, .snapshot, "[\"id\",\"function_info_index\"", "@[\"children\",\"function_info_index\""),
        .init(.metaFields, .samples, "\"sample_fields\"", "\"x\"").replacing("[0,7\n", "[ @0,7\n"),
        .init(.metaFields, .locations, "\"location_fields\"", "\"x\"").replacing("[7,2,10,4\n", "[ @7,2,10,4\n"),
        .init(.traceTreeNodes, .traceTree, "[1,0,0,0,[2,1,3,48,[]]]", "[@]"),
        .init(.traceTreeNodes, .traceTree, "[2,1,3,48,[]]", "[2,1,3,48,@0]"),
        .init(.traceTreeNodes, .traceTree, "[2,1,3,48,[]]", "[2,1,@[],48,[]]"),
        .init(.traceTreeNodes, .traceTree, "[1,0,0,0,[2,1,3,48,[]]]", "[1,0,0,0,[2,1,3,48,[]],@[]]"),
        .init(.traceTreeFunction, .traceTree, "[2,1,3,48,[]]", "[2,@2,3,48,[]]"),
        .init(.traceTreeFunction, .traceTree, "[2,1,3,48,[]]", "[2,1,3,48,[],3,@18446744073709551615 ,0,0,[]]"),
        .init(.traceTreeFunction, .traceTree, "[0,0,0,0,0,0\n,1,4,5,2,3,4\n]", "[]").replacing("[1,0,0,0", "[1,@0,0,0"),
        .init(.wholeRows, .traceTree, "[2,1,3,48,[]]", "[2,1,3,48@]"),
        .init(.wholeRows, .traceTree, "[2,1,3,48,[]]", "[2,1,3,48,[],1@]"),
        .init(.wholeRows, .traceTree, "[2,1,3,48,[]]]", "[2,1,3,48,[]],1@]"),
        .init(.unsignedInteger, .traceTree, "[2,1,3,48,[]]", "[2,1,@03,48,[]]"),
        .init(.unsignedInteger, .traceTree, "[2,1,3,48,[]]", "[2,1,@\"3\",48,[]]"),
        .init(.unsignedInteger, .traceTree, "[2,1,3,48,[]]", "[2,1,3,48,[],@]"),
        .init(.jsonSyntax, .traceTree, "[2,1,3,48,[]]", "[2,1,3 @4,48,[]]"),
        .init(
            .nestingDepth, .traceTree, "[1,0,0,0,[2",
            "[" + String(repeating: "1,0,0,0,[", count: 999) + "1,0,0,0,@[2"),
        .init(.locationObject, .locations, ",14,2,11", ",@13,2,11"),
        .init(.stringElement, .strings, "\"Window\"", "@1"),
        .init(.stringElement, .strings, "\"file.js\"", "@]"),
        .init(.trailingData, .document, "\"file.js\"]}", "\"file.js\"]} @}"),
        .init(.headerSize, .snapshot, "{\"meta\"", "@{" + String(repeating: " ", count: 1 << 20) + "\"meta\""),
    ]

    private var furtherEdits: [(old: String, new: String)] = []

    /// The violation with one more change to the sample.
    private func replacing(_ old: String, _ new: String) -> Violation {
        var copy = self
        copy.furtherEdits.append((old, new))
        return copy
    }

    /// The document and the offset of the offending byte.
    var document: (bytes: [UInt8], offset: UInt64) {
        var text = Sample.text.replacingFirst(old, new)
        for edit in furtherEdits { text = text.replacingFirst(edit.old, edit.new) }
        let bytes = Array(text.utf8)
        let marker = bytes.firstIndex(of: UInt8(ascii: "@")) ?? bytes.endIndex
        return (bytes.filter { $0 != UInt8(ascii: "@") }, UInt64(marker))
    }
}

struct InvariantTests {
    @Test(arguments: Violation.all)
    func violationIsFoundInItsPlace(violation: Violation) throws {
        let (bytes, offset) = violation.document
        let whole = verdict(on: bytes)
        let found = try #require(whole.inconsistency, "\(whole)")
        #expect(found.invariant == violation.invariant, "\(found)")
        #expect(found.section == violation.section, "\(found)")
        #expect(found.offset == offset, "\(found)")
        #expect(found.detail.utf8.count < 120)
        #expect(found.detail.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(verdict(on: bytes, chunk: { 1 }) == whole)
        var generator = SeededGenerator(state: offset)
        for _ in 0..<20 {
            #expect(verdict(on: bytes) { Int.random(in: 1...90, using: &generator) } == whole)
        }
    }

    @Test func everyInvariantIsViolatedOnce() {
        let tested = Set(Violation.all.map(\.invariant)).union([.utf8Encoding])
        #expect(tested == Set(SnapshotInvariant.allCases))
    }

    @Test(
        arguments: [
            ([0x80], 0), ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xFF], 0),
            ([0xE0, 0x9F, 0xBF], 1), ([0xF0, 0x8F, 0xBF, 0xBF], 1), ([0xF4, 0x90, 0x80, 0x80], 1), ([0xC3], 1),
            ([0xE2, 0x82], 2), ([0xF0, 0x9F, 0x98], 3),
        ] as [([UInt8], Int)])
    func malformedUTF8IsFound(sequence: [UInt8], bad: Int) throws {
        for (word, section) in [("file.js", SnapshotSection.strings), ("trace_node_id", .snapshot)] {
            var bytes = Array(Sample.text.utf8)
            let place = try #require(bytes.firstRange(of: word.utf8))
            bytes.replaceSubrange(place, with: sequence)
            let found = verdict(on: bytes).inconsistency
            #expect(found?.invariant == .utf8Encoding)
            #expect(found?.section == section)
            #expect(found?.offset == UInt64(place.lowerBound + bad))
            #expect(verdict(on: bytes, chunk: { 1 }).inconsistency == found)
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[[[[[[[[[[[[[[[[[[[[[[[["])
    func deepNestingInTheHeaderIsRefused(opening: String) throws {
        let depth = 900 / opening.filter { $0 != "\"" && $0 != "a" && $0 != ":" }.count
        let closing = String(opening.compactMap { ["[": "]", "{": "}"][$0] })
        let nested = String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        for field in ["node_fields", "node_types", "edge_types"] {
            let text = Sample.text.replacingFirst("\"\(field)\":[", "\"\(field)\":[\(nested),")
            #expect(verdict(on: text).inconsistency?.invariant == .metaFields)
        }
        let unread = Sample.text.replacingFirst("\"node_count\"", "\"x\":\(nested),\"node_count\"")
        #expect(verdict(on: unread).name == "valid")
    }

    @Test func hugeListsInTheHeaderAreRead() {
        let many = String(repeating: "\"x\",", count: 200_000)
        let text = Sample.text.replacingFirst("\"location_fields\":[", "\"location_fields\":[\(many)")
        #expect(verdict(on: text).inconsistency?.invariant == .wholeRows)
    }

    @Test func firstOfTheLargestStringIndicesIsReported() {
        let text = Sample.text.replacingFirst(",3,2,3,16", ",3,7,3,16").replacingFirst(",2,3,5,90", ",2,8,5,90")
            .replacingFirst(",8,4,23", ",8,8,23")
        let place = text.utf8.firstRange(of: "8,5,90".utf8)?.lowerBound
        let offset = place.map { text.utf8.distance(from: text.utf8.startIndex, to: $0) } ?? 0
        #expect(verdict(on: text).inconsistency?.offset == UInt64(offset))
    }

    @Test func theLargestStringIndexIsNamedAsSuch() {
        let (bytes, _) = Sample.broken(",5,2,14", ",5,7,14")
        #expect(verdict(on: bytes).inconsistency?.detail.contains("largest string index here, 7,") == true)
    }

    @Test func trailingCommasAreNamed() {
        for (old, new) in [("\"file.js\"]", "\"file.js\"],"), ("],\n\"strings\":", "],}")] {
            #expect(verdict(on: Sample.text.replacingFirst(old, new)).inconsistency?.detail.contains("comma") == true)
        }
    }

    @Test func nothingIsSaidBeforeTheOffendingByte() {
        let (bytes, offset) = Sample.broken(",5,2,14", ",5,2,@15")
        var validator = SnapshotValidator()
        bytes.withUnsafeBytes { validator.feed(UnsafeRawBufferPointer(rebasing: $0[..<Int(offset + 2)])) }
        #expect(validator.verdictSoFar == nil)
        bytes.withUnsafeBytes { validator.feed(UnsafeRawBufferPointer(rebasing: $0[Int(offset + 2)...])) }
        #expect(validator.verdictSoFar?.inconsistency?.offset == offset)
    }
}
