/// A program header: which bytes of a file a process has in its memory, and where.
package struct Segment: Sendable, Equatable {
    package let type: UInt32
    /// File offsets of its bytes.
    package let range: Range<UInt64>
    /// Address of the first byte, in the file's own terms. A process has all segments moved by the same distance.
    package let address: UInt64
    /// What it takes of memory, in bytes; beyond the file's bytes it is zero.
    package let memorySize: UInt64
    package let isExecutable: Bool

    package static let load: UInt32 = 1  // PT_LOAD
    package static let note: UInt32 = 4  // PT_NOTE
    package static let unwindTable: UInt32 = 0x6474_E550  // PT_GNU_EH_FRAME

    /// nil where the numbers do not fit each other.
    /// - Parameter base: where the header begins in `table`, in bytes.
    package init?(_ table: LittleEndian, at base: Int) {
        guard let type: UInt32 = table[base], let flags: UInt32 = table[base + 4], let start: UInt64 = table[base + 8],
            let address: UInt64 = table[base + 16], let size: UInt64 = table[base + 32],
            let memorySize: UInt64 = table[base + 40]
        else { return nil }
        let (end, overflow) = start.addingReportingOverflow(size)
        if overflow { return nil }
        self.type = type
        range = start..<end
        self.address = address
        self.memorySize = memorySize
        isExecutable = flags & 1 != 0
    }
}
