import AgentImage
import ELF

/// The code that ptrace brings into a process, as a shared object that no dynamic linker loads: the few relocations that it has are made
/// here.
struct VisitImage {
    private let file: LittleEndian
    private let segments: [Segment]
    private let symbols: [Symbol]
    private let relocations: [Relocation]

    private struct Symbol {
        let name: String
        /// 0 for one that the process has to bring.
        let address: UInt64
        /// Whether it may be missing.
        let isWeak: Bool
    }

    private struct Relocation {
        let place: UInt64
        let type: UInt32
        let symbol: Int
        let addend: UInt64
    }

    /// False in a heapdump that was built without `make`.
    static var isBuiltIn: Bool { visit_image_size > 0 }

    /// Bytes of memory that it takes, from its first one on.
    let size: Int

    enum Failure: Error, Equatable {
        /// Nothing that a linker makes.
        case malformed
        /// The process lacks the function.
        case missing(String)
    }

    /// Of this heapdump.
    init() throws(Failure) {
        try self.init([UInt8](UnsafeRawBufferPointer(start: visit_image_bytes, count: visit_image_size)))
    }

    init(_ bytes: [UInt8]) throws(Failure) {
        let file = LittleEndian(bytes)
        guard let headers: UInt64 = file[0x20], let count: UInt16 = file[0x38] else { throw .malformed }
        let all = (0..<Int(count)).compactMap { Segment(file, at: Int(headers) + $0 * 56) }
        let segments = all.filter { $0.type == Segment.load }
        guard let end = segments.map({ $0.address + $0.memorySize }).max(), end < 1 << 20,
            let dynamic = all.first(where: { $0.type == Self.dynamicSegment })
        else { throw .malformed }
        self.file = file
        self.segments = segments
        size = Int(end)
        let entries = Self.dynamic(file, dynamic)
        symbols = try Self.symbols(file, segments, entries)
        relocations = Self.relocations(file, segments, entries)
    }

    private static let dynamicSegment: UInt32 = 2  // PT_DYNAMIC

    private enum Tag {
        static let strings: UInt64 = 5  // DT_STRTAB
        static let symbols: UInt64 = 6  // DT_SYMTAB
        static let gnuHash: UInt64 = 0x6FFF_FEF5  // DT_GNU_HASH
        /// DT_RELA and DT_RELASZ; DT_JMPREL and DT_PLTRELSZ.
        static let tables: [(place: UInt64, bytes: UInt64)] = [(7, 8), (23, 2)]
    }

    private static func dynamic(_ file: LittleEndian, _ segment: Segment) -> [UInt64: UInt64] {
        var entries: [UInt64: UInt64] = [:]
        for place in stride(from: Int(segment.range.lowerBound), to: Int(segment.range.upperBound), by: 16) {
            guard let tag: UInt64 = file[place], let value: UInt64 = file[place + 8], tag != 0 else { break }
            entries[tag] = value
        }
        return entries
    }

    /// The linker puts the strings right after the symbols.
    private static func symbols(
        _ file: LittleEndian, _ segments: [Segment], _ entries: [UInt64: UInt64]
    ) throws(Failure) -> [Symbol] {
        guard let first = entries[Tag.symbols], let end = entries[Tag.strings], first < end,
            let place = segments.offset(ofAddress: first), let names = segments.offset(ofAddress: end)
        else { throw .malformed }
        return (0..<Int((end - first) / 24)).compactMap { index in
            let base = Int(place) + index * 24
            guard let name: UInt32 = file[base], let info: UInt8 = file[base + 4], let address: UInt64 = file[base + 8],
                Int(names) + Int(name) < file.bytes.count
            else { return nil }
            let text = file.bytes[(Int(names) + Int(name))...].prefix { $0 != 0 }
            return Symbol(name: String(decoding: text, as: UTF8.self), address: address, isWeak: info >> 4 == 2)
        }
    }

    private static func relocations(
        _ file: LittleEndian, _ segments: [Segment], _ entries: [UInt64: UInt64]
    ) -> [Relocation] {
        Tag.tables.flatMap { table -> [Relocation] in
            guard let address = entries[table.place], let bytes = entries[table.bytes],
                let place = segments.offset(ofAddress: address)
            else { return [] }
            return stride(from: Int(place), to: Int(place + bytes), by: 24).compactMap { base in
                guard let place: UInt64 = file[base], let info: UInt64 = file[base + 8],
                    let addend: UInt64 = file[base + 16]
                else { return nil }
                return Relocation(
                    place: place, type: UInt32(truncatingIfNeeded: info), symbol: Int(info >> 32), addend: addend)
            }
        }
    }

    /// Its first bytes, the same wherever it is loaded: ELF headers and the names of its symbols.
    var header: [UInt8] { Array(file.bytes.prefix(1024)) }

    /// What the process has to bring.
    var imports: [String] { symbols.filter { $0.address == 0 && !$0.name.isEmpty }.map(\.name) }

    /// Where a function of its own is, from its first byte on.
    func offset(of function: String) throws(Failure) -> UInt64 {
        guard let symbol = symbols.first(where: { $0.name == function && $0.address != 0 }) else {
            throw .missing(function)
        }
        return symbol.address
    }

    /// Its bytes as they are to lie in memory.
    /// - Parameters:
    ///   - base: address of the first.
    ///   - address: of a function of the process.
    func loaded(at base: UInt64, _ address: (String) -> UInt64?) throws(Failure) -> [UInt8] {
        var memory = [UInt8](repeating: 0, count: size)
        for segment in segments {
            let bytes = file.bytes[Int(segment.range.lowerBound)..<Int(segment.range.upperBound)]
            memory.replaceSubrange(Int(segment.address)..<Int(segment.address) + bytes.count, with: bytes)
        }
        for relocation in relocations {
            let value = try value(of: relocation, at: base, address)
            guard relocation.place + 8 <= UInt64(size) else { throw .malformed }
            for i in 0..<8 { memory[Int(relocation.place) + i] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(i))) }
        }
        return memory
    }

    private enum RelocationType {
        #if arch(arm64)
            static let relative: UInt32 = 1027  // R_AARCH64_RELATIVE
            static let absolute: Set<UInt32> = [257, 1025, 1026]  // R_AARCH64_ABS64, _GLOB_DAT, _JUMP_SLOT
        #else
            static let relative: UInt32 = 8  // R_X86_64_RELATIVE
            static let absolute: Set<UInt32> = [1, 6, 7]  // R_X86_64_64, _GLOB_DAT, _JUMP_SLOT
        #endif
    }

    private func value(
        of relocation: Relocation, at base: UInt64, _ address: (String) -> UInt64?
    ) throws(Failure) -> UInt64 {
        if relocation.type == RelocationType.relative { return base &+ relocation.addend }
        guard RelocationType.absolute.contains(relocation.type), symbols.indices.contains(relocation.symbol) else {
            throw .malformed
        }
        let symbol = symbols[relocation.symbol]
        if symbol.address != 0 { return base &+ symbol.address &+ relocation.addend }
        if let found = address(symbol.name) { return found &+ relocation.addend }
        if symbol.isWeak { return 0 }
        throw .missing(symbol.name)
    }
}
