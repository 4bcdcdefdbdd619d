import SystemPackage

/// A table of an ELF file's symbols, with their names.
struct SymbolTable {
    let symbols: ELFImage.Section
    let strings: ELFImage.Section

    /// In bytes.
    static let entrySize: UInt64 = 24
    /// Longer chains are no linker's work.
    private static let longestChain = 1024

    /// Through the GNU hash table: a handful of small reads, where a scan would read megabytes.
    /// - Returns: the symbol's entry; nil if the table does not define it.
    func entry(
        of symbol: String, hash table: ELFImage.Section, in file: ImageFile
    ) throws(Errno) -> LittleEndian? {
        let header = LittleEndian(try file.bytes(at: table.offset, count: 16))
        guard let bucketCount: UInt32 = header[0], let firstSymbol: UInt32 = header[4],
            let bloomWords: UInt32 = header[8], bucketCount > 0
        else { return nil }
        let buckets = 16 + UInt64(bloomWords) * 8
        let chains = buckets + UInt64(bucketCount) * 4
        let wanted = Self.gnuHash(symbol)

        func word(at offset: UInt64) throws(Errno) -> UInt32? {
            guard table.size >= 4, offset <= table.size - 4 else { return nil }
            return LittleEndian(try file.bytes(at: table.offset + offset, count: 4))[0]
        }
        guard var index = try word(at: buckets + UInt64(wanted % bucketCount) * 4), index >= firstSymbol else {
            return nil
        }
        for _ in 0..<Self.longestChain {
            guard let hash = try word(at: chains + UInt64(index - firstSymbol) * 4) else { return nil }
            // The lowest bit marks a chain's end and is no part of the hash.
            if hash | 1 == wanted | 1, let entry = try definition(of: symbol, at: index, in: file) { return entry }
            guard hash & 1 == 0, index < .max else { return nil }
            index += 1
        }
        return nil
    }

    /// Through all of it, as far as such a table goes: for files without a hash table, and for what no hash table lists.
    /// - Parameter isDefined: false to look for a symbol that another file has to bring.
    func scan(for symbol: String, isDefined: Bool, in file: ImageFile) throws(Errno) -> Bool {
        let names = try file.bytes(at: strings.offset, count: Int(min(strings.size, file.limits.symbols)))
        guard let before = names.firstIndex(of: [0] + Array(symbol.utf8) + [0], from: 0) else { return false }
        let name = UInt32(truncatingIfNeeded: before + 1)
        let end = min(symbols.size, file.limits.symbols)
        var offset: UInt64 = 0
        while offset < end {
            let count = min(end - offset, Self.entrySize * 8192)
            let chunk = LittleEndian(try file.bytes(at: symbols.offset + offset, count: Int(count)))
            for base in stride(from: 0, to: chunk.bytes.count, by: Int(Self.entrySize)) {
                if chunk[base] == name, Self.isDefined(chunk, at: base) == isDefined { return true }
            }
            offset += count
        }
        return false
    }

    /// The value and the size of a symbol, by a scan; nil if the table does not define it. Node's tables of local symbols have 20 MB.
    func extent(of symbol: String, in file: ImageFile) throws(Errno) -> (value: UInt64, size: UInt64)? {
        guard let name = try offset(of: symbol, in: file) else { return nil }
        var offset: UInt64 = 0
        let end = min(symbols.size, file.limits.search)
        while offset < end {
            let count = min(end - offset, Self.entrySize * 8192)
            let chunk = try file.bytes(at: symbols.offset + offset, count: Int(count))
            if let base = Self.firstEntry(named: name, in: chunk) {
                let entry = LittleEndian(chunk)
                guard let value: UInt64 = entry[base + 8], let size: UInt64 = entry[base + 16] else { return nil }
                return (value, size)
            }
            offset += count
        }
        return nil
    }

    /// All entries and their names, up to the file's limit for a search.
    func contents(in file: ImageFile) throws(Errno) -> (entries: LittleEndian, names: [UInt8]) {
        let most = file.limits.search
        let names = try file.bytes(at: strings.offset, count: Int(min(strings.size, most)))
        return (LittleEndian(try file.bytes(at: symbols.offset, count: Int(min(symbols.size, most)))), names)
    }

    private static func firstEntry(named name: UInt32, in entries: [UInt8]) -> Int? {
        entries.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - Int(entrySize) + 1, by: Int(entrySize)).first { base in
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: base, as: UInt32.self)) == name
                    && bytes.loadUnaligned(fromByteOffset: base + 6, as: UInt16.self) != 0
            }
        }
    }

    /// Where a name begins among the strings.
    private func offset(of symbol: String, in file: ImageFile) throws(Errno) -> UInt32? {
        let needle = [0] + Array(symbol.utf8) + [0]
        let end = min(strings.size, file.limits.search)
        var offset: UInt64 = 0
        while offset < end {
            let chunk = try file.bytes(at: strings.offset + offset, count: Int(min(end - offset, 1 << 20)))
            if let found = chunk.firstIndex(of: needle, from: 0) {
                return UInt32(exactly: offset + UInt64(found) + 1)
            }
            guard chunk.count > needle.count else { return nil }
            // A name may lie across two portions.
            let step = offset + UInt64(chunk.count) >= end ? chunk.count : chunk.count - needle.count
            offset += UInt64(step)
        }
        return nil
    }

    private func definition(
        of symbol: String, at index: UInt32, in file: ImageFile
    ) throws(Errno) -> LittleEndian? {
        let offset = UInt64(index) * Self.entrySize
        guard symbols.size >= Self.entrySize, offset <= symbols.size - Self.entrySize else { return nil }
        let entry = LittleEndian(try file.bytes(at: symbols.offset + offset, count: Int(Self.entrySize)))
        guard let name: UInt32 = entry[0], Self.isDefined(entry, at: 0) == true else { return nil }
        let wanted = Array(symbol.utf8) + [0]
        guard UInt64(name) + UInt64(wanted.count) <= strings.size else { return nil }
        return try file.bytes(at: strings.offset + UInt64(name), count: wanted.count) == wanted ? entry : nil
    }

    /// A section index of zero marks a symbol that another file has to bring; nil beyond the end.
    private static func isDefined(_ table: LittleEndian, at base: Int) -> Bool? {
        guard let section: UInt16 = table[base + 6] else { return nil }
        return section != 0
    }

    static func gnuHash(_ symbol: String) -> UInt32 {
        symbol.utf8.reduce(5381) { $0 &* 33 &+ UInt32($1) }
    }
}
