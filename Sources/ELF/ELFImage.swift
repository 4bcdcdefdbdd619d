import Glibc
package import SystemPackage

/// The few parts of a 64-bit little-endian ELF file that tell what a program is. The file belongs to the target: no
/// number in it is believed before it is held against the file's size, and against what such a file has at most.
package struct ELFImage: ~Copyable {
    let file: ImageFile
    let sections: [Section]
    /// What of the file is loaded into memory, and where.
    package let segments: [Segment]
    private let namesIndex: Int
    /// As the file itself has it; nil without program headers.
    package let addressOfProgramHeaders: UInt64?
    /// The note segments, as offsets in the file.
    private let notes: [Range<UInt64>]

    struct Section {
        let name: UInt32
        let type: UInt32
        let offset: UInt64
        let size: UInt64
        let link: UInt32
    }

    enum SectionType {
        static let symbols: UInt32 = 2  // SHT_SYMTAB
        static let dynamicSymbols: UInt32 = 11  // SHT_DYNSYM
        static let gnuHash: UInt32 = 0x6FFF_FFF6  // SHT_GNU_HASH
    }

    /// `nil` where it is no such file.
    package init?(_ file: ImageFile) throws(Errno) {
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG, let size = UInt64(exactly: status.st_size) else { return nil }
        let header = LittleEndian(try file.bytes(at: 0, count: 64))
        // Magic, ELFCLASS64, ELFDATA2LSB.
        guard header.bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
            let tableOffset: UInt64 = header[0x28], let entrySize: UInt16 = header[0x3A],
            let count: UInt16 = header[0x3C], let namesIndex: UInt16 = header[0x3E], entrySize == 64
        else { return nil }
        let table = LittleEndian(try file.bytes(at: tableOffset, count: Int(count) * 64))
        let programHeaders = try Self.programHeaders(header, file)
        addressOfProgramHeaders = Self.addressOfProgramHeaders(header, programHeaders)
        notes = programHeaders.filter { $0.type == Segment.note }.map { $0.range }
        segments = programHeaders.filter { $0.type == Segment.load }
        sections = (0..<table.bytes.count / 64).map { index in
            Section(table, at: index * 64, fileSize: size)
        }
        self.namesIndex = Int(namesIndex)
        self.file = file
    }

    private static func programHeaders(_ header: LittleEndian, _ file: ImageFile) throws(Errno) -> [Segment] {
        guard let offset: UInt64 = header[0x20], let entrySize: UInt16 = header[0x36], let count: UInt16 = header[0x38],
            entrySize == 56
        else { return [] }
        let table = LittleEndian(try file.bytes(at: offset, count: Int(count) * 56))
        return stride(from: 0, to: table.bytes.count, by: 56).compactMap { Segment(table, at: $0) }
    }

    /// The first loaded segment says where the file's offsets lie in memory; the headers are a part of it.
    private static func addressOfProgramHeaders(_ header: LittleEndian, _ headers: [Segment]) -> UInt64? {
        guard let offset: UInt64 = header[0x20] else { return nil }
        let segment = headers.first { $0.type == Segment.load && $0.range.contains(offset) }
        return segment.map { $0.address &+ (offset &- $0.range.lowerBound) }
    }

    /// Whether a note of that owner is in it.
    package func hasNote(of owner: String) throws(Errno) -> Bool {
        let name = Array(owner.utf8) + [0]
        for range in notes.prefix(64) {
            var offset = range.lowerBound
            // Name's size, description's size, type; then both, each filled up to a multiple of four.
            for _ in 0..<64 where offset < range.upperBound {
                let note = LittleEndian(try file.bytes(at: offset, count: 12 + name.count))
                guard let nameSize: UInt32 = note[0], let size: UInt32 = note[4] else { break }
                if note.bytes.dropFirst(12).elementsEqual(name), nameSize == name.count { return true }
                offset += 12 + (UInt64(nameSize) + 3) / 4 * 4 + (UInt64(size) + 3) / 4 * 4
            }
        }
        return false
    }

    /// The value of a symbol that only the file itself uses (.symtab); nil if it has none, as stripped ones have.
    package func address(ofLocal symbol: String) throws(Errno) -> UInt64? { try extent(ofLocal: symbol)?.value }

    /// The bytes of an object that only the file itself uses; nil likewise, and if they are more than `most`.
    package func bytes(ofLocal symbol: String, atMost most: Int) throws(Errno) -> [UInt8]? {
        guard let (address, size) = try extent(ofLocal: symbol), size <= UInt64(most),
            let offset = segments.offset(ofAddress: address)
        else { return nil }
        let bytes = try file.bytes(at: offset, count: Int(size))
        return bytes.count == Int(size) ? bytes : nil
    }

    private func extent(ofLocal symbol: String) throws(Errno) -> (value: UInt64, size: UInt64)? {
        try symbolTable(SectionType.symbols)?.table.extent(of: symbol, in: file)
    }

    /// The first symbol table of a type, with its section's index; nil if the file has none.
    func symbolTable(_ type: UInt32) -> (index: Int, table: SymbolTable)? {
        guard let index = sections.firstIndex(where: { $0.type == type }),
            sections.indices.contains(Int(sections[index].link))
        else { return nil }
        return (index, SymbolTable(symbols: sections[index], strings: sections[Int(sections[index].link)]))
    }

    /// Whether the dynamic symbol table defines, and not only asks for, the symbol.
    package func exports(_ symbol: String, usingHash: Bool = true) throws(Errno) -> Bool {
        guard let (index, table) = symbolTable(SectionType.dynamicSymbols) else { return false }
        if usingHash, let hash = sections.first(where: { $0.type == SectionType.gnuHash && Int($0.link) == index }) {
            return try table.entry(of: symbol, hash: hash, in: file) != nil
        }
        return try table.scan(for: symbol, isDefined: true, in: file)
    }

    /// Address of an exported function, before the file is loaded; nil if there is none of that name, or if it is chosen at run time
    /// (STT_GNU_IFUNC).
    package func address(ofExportedFunction symbol: String) throws(Errno) -> UInt64? {
        guard let (index, table) = symbolTable(SectionType.dynamicSymbols) else { return nil }
        guard let hash = sections.first(where: { $0.type == SectionType.gnuHash && Int($0.link) == index }) else {
            return try table.extent(of: symbol, in: file)?.value
        }
        guard let entry = try table.entry(of: symbol, hash: hash, in: file), let info: UInt8 = entry[4],
            let address: UInt64 = entry[8], info & 0xF != Self.indirectFunction, address != 0
        else { return nil }
        return address
    }

    private static let indirectFunction: UInt8 = 10  // STT_GNU_IFUNC

    /// Whether the dynamic symbol table asks for the symbol, which a library has to define. No hash table lists these.
    package func imports(_ symbol: String) throws(Errno) -> Bool {
        guard let (_, table) = symbolTable(SectionType.dynamicSymbols) else { return false }
        return try table.scan(for: symbol, isDefined: false, in: file)
    }

    /// A name is in a runtime's executable a few times. A section may hold nothing else.
    private static let mostMatches = 4096

    /// Where `needle` begins, `body` gets it with what follows (up to 64 bytes) until it returns something.
    /// - Parameters:
    ///   - most: how many bytes of the section are searched at most.
    ///   - mark: a byte before the needle by which it is none.
    package func firstMatch<Value>(
        of needle: String, inSection name: String, atMost most: UInt64 = .max, notAfter mark: Character? = nil,
        _ body: (ArraySlice<UInt8>) -> Value?
    ) throws(Errno) -> Value? {
        guard let section = try section(named: name) else { return nil }
        let needle = Array(needle.utf8)
        let overlap: UInt64 = 64
        var offset = section.offset
        let end = section.offset + min(section.size, most, file.limits.search)
        var matches = 0
        while offset < end {
            let chunk = try file.bytes(at: offset, count: Int(min(end - offset, 256 << 10)))
            var from = 0
            while let found = chunk.firstIndex(of: needle, from: from) {
                matches += 1
                if matches > Self.mostMatches { return nil }
                let isMarked =
                    mark != nil && (found > 0 ? chunk[found - 1] == mark?.asciiValue : offset > section.offset)
                if !isMarked, let value = body(chunk[found...].prefix(Int(overlap))) { return value }
                from = found + 1
            }
            if UInt64(chunk.count) <= overlap { return nil }
            offset += UInt64(chunk.count) - overlap
            if end - offset <= overlap { return nil }
        }
        return nil
    }

    package func contains(_ needle: String, in section: String, atMost most: UInt64) throws(Errno) -> Bool {
        try firstMatch(of: needle, inSection: section, atMost: most) { _ in true } ?? false
    }

    private func section(named name: String) throws(Errno) -> Section? {
        guard sections.indices.contains(namesIndex) else { return nil }
        let names = sections[namesIndex]
        let wanted = Array(name.utf8) + [0]
        let bytes = try file.bytes(at: names.offset, count: Int(min(names.size, 1 << 20)))
        return sections.first { bytes.dropFirst(Int($0.name)).starts(with: wanted) }
    }
}

extension ELFImage.Section {
    /// What reaches beyond the file's end is cut to nothing.
    fileprivate init(_ table: LittleEndian, at base: Int, fileSize: UInt64) {
        name = table[base] ?? 0
        type = table[base + 4] ?? 0
        link = table[base + 40] ?? 0
        offset = table[base + 24] ?? 0
        let claimed: UInt64 = table[base + 32] ?? 0
        let (end, overflow) = offset.addingReportingOverflow(claimed)
        let isInFile = type != 8  // SHT_NOBITS
        size = !isInFile || overflow || end > fileSize ? 0 : claimed
    }
}
