extension SnapshotValidator {
    /// Prepares for the section's value, of which `byte` is the first.
    mutating func beginSection(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        if let ownSections, section != .unknown, !ownSections.contains(section) {
            throw .breaks(.sectionOrder, at: offset, "\(section.rawValue) stands where another part was to begin")
        }
        if section == .snapshot, byte != UInt8(ascii: "{") {
            throw .foreign(reason: "its key \"snapshot\" does not hold an object")
        }
        if section.isArray, byte != UInt8(ascii: "[") {
            throw .breaks(.sectionType, at: offset, "the section \(section.rawValue) is not an array")
        }
        state = .body
        if section == .snapshot {
            buffer.removeAll(keepingCapacity: false)
            bufferOffset = offset
        }
        valueScanner = ValueScanner()
        guard let header else { return }
        switch section {
        case .nodes:
            rowScanner = RowScanner(width: header.nodes.fieldCount)
            collector?.begin(header)
            nodes = NodeRows(header, idMemoryLimit: idMemoryLimit, into: collector?.nodes)
        case .edges:
            rowScanner = RowScanner(width: header.edges.fieldCount)
            edges = EdgeRows(header, into: collector?.edges)
        case .traceFunctionInfos:
            rowScanner = RowScanner(width: header.traceFunctions?.fieldCount ?? 1)
            references = ReferenceRows(header, strings: header.traceFunctions?.strings ?? [])
        case .traceTree:
            traceTree = TraceTreeRows(header.traceNodes, functionCount: traceFunctions.count)
        case .samples:
            rowScanner = RowScanner(width: header.sampleFieldCount ?? 1)
            references = ReferenceRows(
                header, missingList: header.sampleFieldCount == nil ? "sample_fields" : nil)
        case .locations:
            rowScanner = RowScanner(width: header.locations?.fieldCount ?? 1)
            references = ReferenceRows(
                header, object: header.locations?.object,
                missingList: header.locations == nil ? "location_fields" : nil, into: collector?.locations)
        case .strings:
            strings = StringRows(rootName: knownRootName ?? nodes.rootName, into: collector?.strings)
        case .document, .snapshot, .unknown:
            break
        }
    }

    /// Returns true once the section's value is whole, false at the end of the chunk.
    mutating func scanSection(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        switch section {
        case .snapshot: return try scanHeader(&cursor)
        case .nodes:
            guard try rowScanner.scan(&cursor, &nodes) else { return false }
            try nodes.finish(at: cursor.offset &- 1)
        case .edges:
            guard try rowScanner.scan(&cursor, &edges) else { return false }
            try edges.finish(at: cursor.offset &- 1)
        case .traceFunctionInfos, .samples, .locations:
            guard try rowScanner.scan(&cursor, &references) else { return false }
            if section == .traceFunctionInfos { traceFunctions = references }
        case .strings:
            guard try strings.scan(&cursor) else { return false }
            try checkStringIndices()
        case .traceTree: return try traceTree.scan(&cursor)
        case .document, .unknown:
            return try valueScanner.scan(&cursor)
        }
        return true
    }

    private mutating func scanHeader(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        let start = cursor.index
        let room = SnapshotHeader.sizeLimit &- buffer.count
        var window = Cursor(
            bytes: cursor.bytes, index: start, end: min(cursor.end, start &+ room), base: cursor.base)
        let isWhole = try valueScanner.scan(&window)
        cursor.index = window.index
        buffer.append(contentsOf: UnsafeBufferPointer(start: cursor.bytes + start, count: window.index &- start))
        guard isWhole else {
            if buffer.count == SnapshotHeader.sizeLimit, !cursor.isAtEnd {
                throw .breaks(.headerSize, at: bufferOffset, "the header has no end within its first MiB")
            }
            return false
        }
        let text = buffer
        buffer.removeAll(keepingCapacity: false)
        header = try SnapshotHeader(text, at: bufferOffset)
        return true
    }

    private func checkStringIndices() throws(Rejection) {
        let count = strings.count
        try nodes.names.check(stringCount: count, .nodeName, in: .nodes)
        try edges.names.check(stringCount: count, .edgeName, in: .edges)
        try traceFunctions.names.check(stringCount: count, .traceFunctionName, in: .traceFunctionInfos)
    }
}
