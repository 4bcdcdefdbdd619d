package import SystemPackage

/// The functions of an ELF file by their addresses, from .symtab, or from .dynsym alone where the file is stripped.
package struct FunctionSymbols: Sendable {
    private struct Entry {
        let address: UInt64
        let size: UInt64
        /// Offset of the name in `strings`.
        let name: UInt32
    }

    /// Functions in the order of their addresses.
    private var entries: [Entry] = []
    private var strings: [UInt8] = []

    private static let functionTypes: Set<UInt8> = [0, 2, 10]  // STT_NOTYPE, STT_FUNC, STT_GNU_IFUNC

    /// Addresses are those of the file itself.
    package init(_ image: borrowing ELFImage) throws(Errno) {
        for type in [ELFImage.SectionType.symbols, ELFImage.SectionType.dynamicSymbols] where entries.isEmpty {
            if let (_, table) = image.symbolTable(type) { try read(table, image.file) }
        }
        entries.sort { $0.address < $1.address }
    }

    private mutating func read(_ symbols: SymbolTable, _ file: ImageFile) throws(Errno) {
        let table: LittleEndian
        (table, strings) = try symbols.contents(in: file)
        entries.reserveCapacity(table.bytes.count / Int(SymbolTable.entrySize))
        for base in stride(from: 0, to: table.bytes.count, by: Int(SymbolTable.entrySize)) {
            guard let name: UInt32 = table[base], let info: UInt8 = table[base + 4],
                let index: UInt16 = table[base + 6], let address: UInt64 = table[base + 8],
                let size: UInt64 = table[base + 16]
            else { break }
            // Section index 0: another file brings it.
            guard index != 0, address != 0, Self.functionTypes.contains(info & 0xF) else { continue }
            entries.append(Entry(address: address, size: size, name: name))
        }
    }

    /// Name of the function that an address lies in, as the linker knows it; nil if there is none.
    package func name(at address: UInt64) -> String? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        // Several names can stand for one place, and some are of no size: the nearest that has the address in it.
        for entry in entries[..<low].suffix(Self.mostAliases).reversed() where address - entry.address < entry.size {
            if let name = name(entry) { return name }
        }
        return nil
    }

    private static let mostAliases = 32
    /// Maximum length of a name, in bytes. Templates have longer ones, which nobody reads.
    private static let longestName = 4096

    private func name(_ entry: Entry) -> String? {
        guard entry.name < strings.count else { return nil }
        let bytes = strings[Int(entry.name)...].prefix(Self.longestName).prefix { $0 != 0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
