import CLibunwind
import ELF
import Linux

/// An executable or library as it is in a process's memory, headers included. It is read there: the file may be gone.
struct LoadedImage {
    let path: String
    private let addresses: Range<UInt64>
    /// How far from its own addresses it was loaded.
    private let bias: UInt64
    private let segments: [Segment]
    /// nil where it has none of the usual form.
    let table: clibunwind_table?

    /// No image has so many.
    private static let mostHeaders: UInt16 = 256

    /// nil for what is no ELF image.
    init?(_ base: Mapping, _ memory: ProcessMemory) {
        let start = base.addresses.lowerBound
        guard let bytes = memory.bytes(at: start, count: 64), bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else {
            return nil
        }
        let header = LittleEndian(bytes)
        guard let offset: UInt64 = header[0x20], let count: UInt16 = header[0x38], count <= Self.mostHeaders,
            let table = memory.bytes(at: start &+ offset, count: Int(count) * 56)
        else { return nil }
        let headers = (0..<Int(count)).compactMap { Segment(LittleEndian(table), at: $0 * 56) }
        segments = headers.filter { $0.type == Segment.load }
        guard let first = segments.first(where: { $0.range.contains(0) }), let last = segments.last else { return nil }
        let bias = start &- first.address
        self.bias = bias
        path = base.path
        let (end, overflow) = (last.address &+ bias).addingReportingOverflow(last.memorySize)
        guard !overflow, end > start else { return nil }
        addresses = start..<end
        let place = headers.first { $0.type == Segment.unwindTable }.map { $0.address &+ bias }
        self.table = place.flatMap { Self.table(at: $0, start..<end, memory) }
    }

    /// Whether the byte is where the image's own headers put it: V8 copies its builtins elsewhere, where no table knows them.
    func holds(_ address: UInt64, of mapping: Mapping) -> Bool {
        // The vDSO is in no file, and in one piece.
        if !mapping.isOfFile { return addresses.contains(address) }
        let offset = address - mapping.addresses.lowerBound + mapping.offset
        return segments.address(ofOffset: offset, executable: true).map { $0 &+ bias } == address
    }

    /// `.eh_frame_hdr` in the one form that linkers write: relative addresses of 32 bits, sorted.
    private static func table(
        at address: UInt64, _ image: Range<UInt64>, _ memory: ProcessMemory
    ) -> clibunwind_table? {
        guard let bytes = memory.bytes(at: address, count: 12) else { return nil }
        // Version; then how the three things that follow are encoded: DW_EH_PE_pcrel|sdata4, udata4, datarel|sdata4.
        guard bytes.starts(with: [1, 0x1B, 0x03, 0x3B]), let count: UInt32 = LittleEndian(bytes)[8] else { return nil }
        return clibunwind_table(
            image_start: image.lowerBound, image_end: image.upperBound, base: address, entries: address + 12,
            bytes: UInt64(count) * 8)
    }
}
