package import SystemPackage

/// Numbers of 32 bits that an ELF file exports under names with a common beginning.
package enum NumberSymbols {
    /// - Returns: by the names without that beginning.
    package static func read(_ image: borrowing ELFImage, prefix: String) throws(Errno) -> [String: Int32] {
        for type in [ELFImage.SectionType.dynamicSymbols, ELFImage.SectionType.symbols] {
            guard let (_, table) = image.symbolTable(type) else { continue }
            let numbers = try read(table, image, Array(prefix.utf8))
            if !numbers.isEmpty { return numbers }
        }
        return [:]
    }

    /// Maximum number of symbols to read. V8 exports 500.
    private static let most = 16384

    private static func read(
        _ symbols: SymbolTable, _ image: borrowing ELFImage, _ prefix: [UInt8]
    ) throws(Errno) -> [String: Int32] {
        let (table, strings) = try symbols.contents(in: image.file)
        var numbers: [String: Int32] = [:]
        for base in stride(from: 0, to: table.bytes.count, by: Int(SymbolTable.entrySize)) {
            guard let name: UInt32 = table[base], let address: UInt64 = table[base + 8], name < strings.count,
                strings[Int(name)...].starts(with: prefix)
            else { continue }
            let rest = strings[(Int(name) + prefix.count)...].prefix(256).prefix { $0 != 0 }
            numbers[String(decoding: rest, as: UTF8.self)] = try value(at: address, image)
            if numbers.count == most { break }
        }
        return numbers
    }

    /// What is not in the file is zero in memory.
    private static func value(at address: UInt64, _ image: borrowing ELFImage) throws(Errno) -> Int32 {
        guard let offset = image.segments.offset(ofAddress: address) else { return 0 }
        return LittleEndian(try image.file.bytes(at: offset, count: 4))[0] ?? 0
    }
}

extension [Segment] {
    /// File offset of the byte at an address; nil if the address is in no segment, or past a segment's bytes in the file.
    package func offset(ofAddress address: UInt64) -> UInt64? {
        for segment in self where address >= segment.address {
            let distance = address - segment.address
            if distance < segment.range.upperBound - segment.range.lowerBound {
                return segment.range.lowerBound + distance
            }
        }
        return nil
    }

    /// Address, in the file's own terms, of the byte at a file offset; nil if no such segment has it.
    package func address(ofOffset offset: UInt64, executable: Bool) -> UInt64? {
        first { $0.range.contains(offset) && $0.isExecutable == executable }
            .map { $0.address &+ (offset - $0.range.lowerBound) }
    }
}
