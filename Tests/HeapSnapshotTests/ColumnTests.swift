import Testing

@testable import HeapSnapshot

/// What is kept of a snapshot while the validator reads it.
struct ColumnTests {
    // MARK: Column

    @Test func isZeroAtFirstAndKeepsValues() throws {
        let column = try #require(Column<UInt32>(count: 1000))
        #expect(column.values.allSatisfy { $0 == 0 } && column.count == 1000)
        for index in 0..<1000 { column[index] = UInt32(index * 3) }
        #expect(column.resize(to: 1_000_000) && column.count == 1_000_000)
        #expect((0..<1000).allSatisfy { column[$0] == UInt32($0 * 3) })
        column[999_999] = 7
        #expect(column.resize(to: 10) && column.count == 10)
        #expect(Array(column.values) == (0..<10).map { UInt32($0 * 3) })
    }

    @Test func hasNoRoomForTooMuch() throws {
        #expect(Column<UInt64>(count: -1) == nil)
        #expect(Column<UInt64>(count: .max) == nil)
        let column = try #require(Column<UInt64>(count: 0))
        #expect(!column.resize(to: .max) && column.count == 0 && column.values.isEmpty)
        #expect(!column.resize(to: 1 << 60))
    }

    /// Memory that was another column's before is as empty as new memory.
    @Test func isZeroAtFirstAlsoWhereAnotherWas() throws {
        for count in [1 << 18, 1 << 20, 1 << 20 + 1, 3 << 20, 1 << 20] {
            for isPopulated in [false, true] {
                let column = try #require(Column<UInt32>(count: count, isPopulated: isPopulated))
                #expect(column.values.allSatisfy { $0 == 0 })
                column.base.update(repeating: .max, count: count)
            }
        }
    }

    /// Whatever the pages' borders: what is outside of the range is kept, and what is within can be set again.
    @Test func givesBackWithin() throws {
        for count in [100, 1_000_000] {
            let column = try #require(Column<UInt32>(count: count))
            for range in [0..<0, 0..<count, 17..<count - 33, count / 3..<count / 2, 90..<91] {
                for index in 0..<count { column[index] = UInt32(index + 1) }
                column.giveBack(range)
                #expect((0..<count).allSatisfy { range.contains($0) || column[$0] == UInt32($0 + 1) })
                for index in range { column[index] = 7 }
                #expect(range.allSatisfy { column[$0] == 7 })
            }
        }
    }

    /// From the C library's memory to pages of its own, and to fewer of these.
    @Test func keepsValuesThroughEveryLength() throws {
        let column = try #require(Column<UInt64>(count: 10))
        for index in 0..<10 { column[index] = UInt64(index + 1) }
        for count in [1000, 200_000, 5_000_000, 300_000, 20, 400_000] {
            #expect(column.resize(to: count) && column.count == count)
            #expect((0..<10).allSatisfy { column[$0] == UInt64($0 + 1) })
            column[count - 1] = column[count - 1]
        }
    }

    @Test func keepsLargeSizesBeside() throws {
        let column = SizeColumn(try #require(Column<UInt16>(count: 6)), long: [:])
        let sizes: [UInt64] = [0, 5, 65_534, 65_535, 1 << 40, .max]
        for (node, size) in sizes.enumerated() { column.set(size, of: node) }
        #expect((0..<6).map { column[$0] } == sizes)
        #expect((0..<6).map { column.isZero($0) } == [true, false, false, false, false, false])
        column.set(7, of: 4)
        column.set(0, of: 5)
        #expect(column[4] == 7 && column[5] == 0 && column.isZero(5))
    }

    /// Near the first of a block of 64, far from it, and beyond 32 bits.
    @Test func findsIDsNearAndFar() throws {
        let ids = (0..<200).map { node -> UInt64 in
            switch node % 7 {
            case 3: 1 << 33 + UInt64(node)
            case 5: UInt64(100_000 - node * 3)
            default: UInt64(node * 2 + 1)
            }
        }
        let rows = ids.enumerated().map { "\n,\($0 == 0 ? 9 : 3),1,\($0 == 0 ? 1 : $1),1,0,0,0" }.joined().dropFirst(2)
        let text = Sample.text.replacing(#/"nodes":\[[^\]]*\]/#) { _ in "\"nodes\":[\(rows)\n]" }
            .replacing(#/"edges":\[[^\]]*\]/#) { _ in "\"edges\":[]" }
            .replacing(#/"locations":\[[^\]]*\]/#) { _ in "\"locations\":[]" }
            .replacing("\"node_count\":5,\"edge_count\":6", with: "\"node_count\":200,\"edge_count\":0")
        let collector = SnapshotCollector(documentBytes: nil)
        var validator = SnapshotValidator(into: collector)
        Array(text.utf8).withUnsafeBytes { validator.feed($0) }
        guard case .valid = validator.finish() else {
            Issue.record("\(validator.finish())")
            return
        }
        let columns = try collector.finish()
        #expect((0..<200).map { columns.id($0) } == [1] + ids.dropFirst())
    }

    // MARK: Strings

    private static func strings(_ literals: [String], portion: Int) throws -> StringColumn {
        let column = try #require(StringColumn())
        for literal in literals {
            let bytes = Array(literal.utf8)
            bytes.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                for start in stride(from: 0, to: bytes.count, by: portion) {
                    column.append(base + start, min(portion, bytes.count - start))
                }
            }
            column.endString()
        }
        column.finish()
        return column
    }

    /// Blocks have 64 strings: all around each border, and beyond where columns grow.
    @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 129, 4095, 4096, 4097, 10_000])
    func findsEachString(count: Int) throws {
        let texts = (0..<count).map { String(repeating: "x", count: $0 % 37) + "\($0)" }
        let column = try Self.strings(texts, portion: 5)
        #expect(column.count == count && column.byteCount == texts.reduce(0) { $0 + $1.utf8.count })
        for (index, text) in texts.enumerated() { try #require(column.string(index) == text) }
    }

    @Test func keepsEmptyStrings() throws {
        let column = try Self.strings([String](repeating: "", count: 200) + ["a"] + [""], portion: 1)
        #expect(column.count == 202 && column[0].isEmpty && column[199].isEmpty && column[201].isEmpty)
        #expect(column.string(200) == "a")
    }

    @Test func keepsAVeryLongString() throws {
        let long = String(repeating: "0123456789", count: 300_000)
        let column = try Self.strings(["a", long, "b"], portion: 70_000)
        #expect(column.string(0) == "a" && column.string(1) == long && column.string(2) == "b")
    }

    @Test(arguments: [
        (#"a\"b"#, "a\"b"), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"\u0041"#, "A"),
        (#"\u00e9\u00E9"#, "éé"), (#"\u20ac"#, "€"), (#"\ud83d\ude00"#, "😀"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
        (#"\u0000"#, "\0"), (#"\\u0041"#, #"\u0041"#), (#"é\u002C😀"#, "é,😀"), (#"\\\\\""#, #"\\""#), ("", ""),
    ])
    func replacesEscapes(literal: String, text: String) throws {
        for portion in 1...7 {
            let column = try Self.strings(["before", literal, "after\\t"], portion: portion)
            #expect(column.string(1) == text && Array(column[1]) == Array(text.utf8))
            #expect(column.string(0) == "before" && column.string(2) == "after\t")
        }
    }

    @Test(arguments: [
        (#"\ud83d"#, [0xED, 0xA0, 0xBD]), (#"\ude00"#, [0xED, 0xB8, 0x80]), (#"\ud83dx"#, [0xED, 0xA0, 0xBD, 0x78]),
        (#"\ud83d\ud83d\ude00"#, [0xED, 0xA0, 0xBD, 0xF0, 0x9F, 0x98, 0x80]),
        (#"\ude00\ud83d"#, [0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD]), (#"\ud83d\n"#, [0xED, 0xA0, 0xBD, 0x0A]),
        (#"\ud83d\u0041"#, [0xED, 0xA0, 0xBD, 0x41]),
    ])
    func keepsHalvesOfPairs(literal: String, bytes: [UInt8]) throws {
        let column = try Self.strings([literal], portion: 3)
        #expect(withExtendedLifetime(column) { Array(column[0]) } == bytes)
    }

    // MARK: Whole snapshots

    /// All that was kept, as a text.
    private static func columns(_ text: String, cutAt cuts: [Int]) throws -> String {
        let bytes = Array(text.utf8)
        let collector = SnapshotCollector(documentBytes: UInt64(bytes.count))
        var validator = SnapshotValidator(into: collector)
        bytes.withUnsafeBytes { all in
            var start = 0
            for end in cuts + [bytes.count] {
                validator.feed(UnsafeRawBufferPointer(rebasing: all[start..<end]))
                start = end
            }
        }
        let verdict = validator.finish()
        try #require(verdict.counts != nil, "\(verdict)")
        let columns = try collector.finish()
        let nodes = (0..<columns.nodeCount).map { node in
            "\(columns.types[node]) \(columns.names[node]) \(columns.id(node)) \(columns.selfSize(node)) "
                + "\(columns.edges(of: node))"
        }
        let edges = (0..<columns.edgeCount).map { edge in
            let packed = columns.edgeTargets[edge]
            return "\(PackedEdge.type(packed)) \(columns.edgeNames[edge]) \(PackedEdge.target(packed))"
        }
        let strings = (0..<columns.strings.count).map { Array(columns.strings[$0]) }
        let locations =
            columns.locations.map { all in
                all.rows.values.map { row in
                    let place = all[row.place]
                    return "\(row.ordinal) \(place.scriptID) \(place.line) \(place.column)"
                }
            } ?? []
        return "\(nodes)\n\(edges)\n\(strings)\n\(locations)\n\(columns.detachedness) \(columns.nodeTypeNames)"
    }

    @Test func keepsTheSample() throws {
        let kept = try Self.columns(Sample.text, cutAt: [])
        #expect(
            kept.hasPrefix(
                #"["9 1 1 0 0..<3", "3 2 3 16 3..<5", "2 3 5 9007199254740993 5..<5", "8 4 2358473056 40 5..<6", "#
                    + #""0 0 7 0 6..<6"]"#), "\(kept)")
        #expect(kept.contains(#"["1 1 1", "5 2 2", "6 4 3", "2 4 4", "4 99 0", "0 5 1"]"#), "\(kept)")
        #expect(kept.contains(#"["1 2 10 4", "2 2 11 0"]"#), "\(kept)")
        #expect(kept.contains(Array("a\"b\\éé".utf8).description), "\(kept)")
        #expect(kept.contains("[(ordinal: 3, state: 2)]"), "\(kept)")
    }

    @Test func keepsTheSameWhereverTheDocumentIsCut() throws {
        let whole = try Self.columns(Sample.text, cutAt: [])
        let length = Sample.text.utf8.count
        for cut in 0...length { try #require(Self.columns(Sample.text, cutAt: [cut]) == whole, "cut at \(cut)") }
        #expect(try Self.columns(Sample.text, cutAt: Array(1..<length)) == whole)
    }

    /// A header that declares more than the document can hold is given no memory for that.
    @Test func believesNoHeaderThatTheDocumentIsTooShortFor() throws {
        let text = Sample.text.replacingFirst("\"node_count\":5", "\"node_count\":500000000")
        let bytes = Array(text.utf8)
        nonisolated(unsafe) var asked = false
        let collector = SnapshotCollector(documentBytes: UInt64(bytes.count)) { _, _ in
            asked = true
            return true
        }
        var validator = SnapshotValidator(into: collector)
        bytes.withUnsafeBytes { validator.feed($0) }
        let verdict = validator.finish()
        #expect(verdict.inconsistency?.invariant == .nodeCount)
        #expect(!asked && collector.nodes == nil)
    }

    @Test func keepsNothingWhereItIsNotAdmitted() throws {
        let bytes = Array(Sample.text.utf8)
        let collector = SnapshotCollector(documentBytes: nil) { nodes, edges in nodes > 5 && edges > 6 }
        var validator = SnapshotValidator(into: collector)
        bytes.withUnsafeBytes { validator.feed($0) }
        // It is checked all the same.
        let verdict = validator.finish()
        #expect(verdict == .valid(Sample.counts))
        #expect(throws: SnapshotCollector.Obstacle.memory(nodes: 5, edges: 6)) { try collector.finish() }
    }
}
