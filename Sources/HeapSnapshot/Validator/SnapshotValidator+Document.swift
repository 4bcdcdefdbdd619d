extension SnapshotValidator {
    private static let firstKeyName = Array("snapshot\"".utf8)

    /// Longer keys are of unknown sections: no known name reaches this length even with every character escaped.
    private static let keyLimit = 256

    /// Walks the enclosing object: its keys, and what stands between the sections.
    mutating func advance(_ cursor: inout Cursor) throws(Rejection) {
        while true {
            switch state {
            case .firstKeyName:
                guard try matchFirstKey(&cursor) else { return }
            case .keyName:
                guard try scanKey(&cursor) else { return }
            case .body:
                guard try scanSection(&cursor) else { return }
                if section != .unknown {
                    lastSection = section
                    seenSections.insert(section)
                }
                section = .document
                state = .commaOrEnd
            case .beforeObject, .firstKey, .key, .colon, .value, .commaOrEnd, .end:
                guard let byte = cursor.nextToken() else { return }
                try step(byte, &cursor)
            }
        }
    }

    private mutating func step(_ byte: UInt8, _ cursor: inout Cursor) throws(Rejection) {
        switch (state, byte) {
        case (.beforeObject, UInt8(ascii: "{")):
            state = .firstKey
        case (.firstKey, UInt8(ascii: "\"")):
            state = .firstKeyName
        case (.beforeObject, _), (.firstKey, _):
            throw .foreign(reason: nil)
        case (.key, UInt8(ascii: "\"")):
            guard lastSection != .strings else {
                throw .breaks(.stringsLast, at: cursor.offset, "the strings are followed by another section")
            }
            beginKey(at: cursor.offset)
        case (.key, UInt8(ascii: "}")):
            throw .breaks(.jsonSyntax, at: cursor.offset, "a trailing comma stands before the closing brace")
        case (.colon, UInt8(ascii: ":")):
            if section == .snapshot { hasSpaceBeforeHeader = cursor.offset != bufferOffset }
            state = .value
        case (.value, _):
            try beginSection(byte, at: cursor.offset)
            // The bracket of an array is taken here; the general scanner takes its own.
            if section.isArray { break }
            return
        case (.commaOrEnd, UInt8(ascii: ",")):
            state = .key
        case (.commaOrEnd, UInt8(ascii: "}")):
            try requireSections(before: SnapshotSection.ranked.count, at: cursor.offset)
            state = .end
        case (.end, _):
            throw .breaks(.trailingData, at: cursor.offset, "the document is followed by something else")
        default:
            throw .breaks(.jsonSyntax, at: cursor.offset, "a character cannot stand here")
        }
        cursor.index &+= 1
    }

    /// DevTools finds the header by its literal name, so that anything else is some other document.
    private mutating func matchFirstKey(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        while !cursor.isAtEnd {
            guard cursor.bytes[cursor.index] == Self.firstKeyName[buffer.count] else { throw .foreign(reason: nil) }
            buffer.append(cursor.bytes[cursor.index])
            cursor.index &+= 1
            if buffer.count == Self.firstKeyName.count {
                section = .snapshot
                bufferOffset = cursor.offset
                state = .colon
                return true
            }
        }
        return false
    }

    private mutating func beginKey(at offset: UInt64) {
        buffer.removeAll(keepingCapacity: false)
        buffer.append(UInt8(ascii: "\""))
        bufferOffset = offset
        isKeyOverlong = false
        keyScanner.begin()
        state = .keyName
    }

    private mutating func scanKey(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        let start = cursor.index
        let isWhole = try keyScanner.scan(&cursor)
        let count = cursor.index &- start
        if isKeyOverlong || count > Self.keyLimit &- buffer.count {
            isKeyOverlong = true
        } else {
            buffer.append(contentsOf: UnsafeBufferPointer(start: cursor.bytes + start, count: count))
        }
        guard isWhole else { return false }
        let name = try sectionNamed()
        try checkOrder(of: name)
        section = name
        state = .colon
        return true
    }

    private func sectionNamed() throws(Rejection) -> SnapshotSection {
        guard !isKeyOverlong else { return .unknown }
        let key = RawText(literal: buffer[...]).bytes
        guard let known = SnapshotSection.ranked.first(where: { key.elementsEqual($0.rawValue.utf8) }) else {
            return .unknown
        }
        guard !buffer.contains(UInt8(ascii: "\\")) else {
            throw .breaks(.sectionName, at: bufferOffset, "the name of the section \(known.rawValue) holds escapes")
        }
        return known
    }

    private func checkOrder(of name: SnapshotSection) throws(Rejection) {
        guard let rank = name.rank, let lastRank = lastSection.rank else { return }
        guard !seenSections.contains(name) else {
            throw .breaks(.sectionOnce, at: bufferOffset, "the section \(name.rawValue) stands twice")
        }
        guard rank > lastRank else {
            throw .breaks(.sectionOrder, at: bufferOffset, "\(name.rawValue) stands after \(lastSection.rawValue)")
        }
        try requireSections(before: rank, at: bufferOffset)
    }

    /// Checks that no section was left out between the last one and the one of the given rank.
    private func requireSections(before rank: Int, at offset: UInt64) throws(Rejection) {
        let next = (lastSection.rank ?? -1) + 1
        guard let header, next < rank else { return }
        for missing in SnapshotSection.ranked[next..<rank] where header.requires(missing) {
            throw .breaks(.sectionPresent, at: offset, "the section \(missing.rawValue) is missing")
        }
    }
}
