package import SystemPackage

/// Numbers of 32 bits that an ELF file exports under names with a common beginning.
package enum NumberSymbols {
    /// - Returns: by the names without that beginning.
    package static func read(_ image: borrowing ELFImage, prefix: String) throws(Errno) -> [String: Int32] {
        let types = [ELFImage.SectionType.dynamicSymbols, ELFImage.SectionType.symbols]
        for type in types {
            guard let section = image.sections.first(where: { $0.type == type }),
                image.sections.indices.contains(Int(section.link))
            else { continue }
            let numbers = try read(section, names: image.sections[Int(section.link)], image, Array(prefix.utf8))
            if !numbers.isEmpty { return numbers }
        }
        return [:]
    }

    /// No file has so many by far.
    private static let most = 16384

    private static func read(
        _ section: ELFImage.Section, names: ELFImage.Section, _ image: borrowing ELFImage, _ prefix: [UInt8]
    ) throws(Errno) -> [String: Int32] {
        let strings = try image.file.bytes(at: names.offset, count: Int(min(names.size, image.file.limits.search)))
        let table = LittleEndian(
            try image.file.bytes(at: section.offset, count: Int(min(section.size, image.file.limits.search))))
        var numbers: [String: Int32] = [:]
        for base in stride(from: 0, to: table.bytes.count, by: 24) {
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
    /// Where in the file the byte at an address is; nil where no byte of the file is there.
    package func offset(ofAddress address: UInt64) -> UInt64? {
        for segment in self where address >= segment.address {
            let distance = address - segment.address
            if distance < segment.range.upperBound - segment.range.lowerBound {
                return segment.range.lowerBound + distance
            }
        }
        return nil
    }

    /// Where the file itself has the byte at an offset in memory.
    package func address(ofOffset offset: UInt64, executable: Bool) -> UInt64? {
        first { $0.range.contains(offset) && $0.isExecutable == executable }
            .map { $0.address &+ (offset - $0.range.lowerBound) }
    }
}
