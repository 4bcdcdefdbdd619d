package import ELF
package import SystemPackage

/// How long each of V8's bytecodes is, by which one finds from one to the next. They change with every version.
package struct BytecodeSizes: Sendable, Equatable {
    /// Of each bytecode with operands of one byte, then of two, then of four.
    private let sizes: [UInt8]
    private let count: Int

    /// The table of V8 itself (bytecodes.h); nil where the file has no such symbol.
    package init?(_ image: borrowing ELFImage) throws(Errno) {
        let symbol = "_ZN2v88internal11interpreter9Bytecodes14kBytecodeSizesE"
        guard let sizes = try image.bytes(ofLocal: symbol, atMost: 3 * 256) else { return nil }
        self.init(sizes)
    }

    package init?(_ sizes: [UInt8]) {
        guard sizes.count % 3 == 0, sizes.count > 3 * 4, !sizes.contains(0) else { return nil }
        self.sizes = sizes
        count = sizes.count / 3
    }

    /// The first four are prefixes: of wide and of extra wide operands, and the same with a breakpoint.
    private static let prefixes: UInt8 = 4

    /// In bytes, with its prefix; nil beyond the end, and for what is none.
    package func size(of bytecodes: [UInt8], at offset: Int) -> Int? {
        guard bytecodes.indices.contains(offset) else { return nil }
        let first = bytecodes[offset]
        guard first < Self.prefixes else { return Int(first) < count ? Int(sizes[Int(first)]) : nil }
        guard bytecodes.indices.contains(offset + 1), Int(bytecodes[offset + 1]) < count else { return nil }
        let scale = first % 2 == 0 ? 1 : 2
        return 1 + Int(sizes[scale * count + Int(bytecodes[offset + 1])])
    }
}
