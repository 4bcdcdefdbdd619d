import Glibc

/// A fixed number of values in memory of their own, which is free for others at the end (`ColumnMemory`).
///
/// Not an Array: those are for values that the program owns one by one. Columns are as long as a heap has nodes or edges, are
/// filled and read by unsafe pointers in inner loops, and must not be copied by accident. A page is given when it is first written to,
/// so that a column may be made larger than it turns out to be, and another length moves pages, not bytes.
public final class Column<Element: BitwiseCopyable>: @unchecked Sendable {
    // Read in inner loops, where a check of each access would cost more than the access. Whoever resizes a column has it alone.
    @exclusivity(unchecked) @usableFromInline var start: UnsafeMutablePointer<Element>
    @exclusivity(unchecked) @usableFromInline var length: Int

    @inlinable @inline(__always)
    public var base: UnsafeMutablePointer<Element> { start }

    @inlinable @inline(__always)
    public var count: Int { length }

    /// Of the memory, where it is mapped; 0 where it is the C library's.
    private var mappedBytes: Int
    /// Whether some of the memory was given back: what is left is no use to others.
    private var hasGaps = false

    /// - Parameters:
    ///   - isPopulated: whether it has all its memory from the beginning: for columns that are read and written all over.
    ///   - isZero: whether the values are zero until they are set; any else.
    ///   - isFilledFromEnd: whether the last values are set first: then pages of other columns go there.
    /// - Returns: nil where the system has no room for it.
    public init?(count: Int, isPopulated: Bool = false, isZero: Bool = true, isFilledFromEnd: Bool = false) {
        let (bytes, overflows) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard count >= 0, !overflows, let size = ColumnMemory.rounded(bytes) else { return nil }
        if bytes < ColumnMemory.leastBytes {
            guard let memory = calloc(bytes, 1) else { return nil }
            start = memory.bindMemory(to: Element.self, capacity: max(count, 1))
            mappedBytes = 0
        } else {
            guard let block = ColumnMemory.shared.allocate(size, fromEnd: isFilledFromEnd) else { return nil }
            if isPopulated { ColumnMemory.populate(block.start, size) }
            if isZero { memset(block.start + block.used.lowerBound, 0, block.used.count) }
            start = block.start.bindMemory(to: Element.self, capacity: count)
            mappedBytes = size
        }
        length = count
    }

    deinit {
        if mappedBytes > 0 { ColumnMemory.shared.free(start, mappedBytes, isKept: !hasGaps) } else { free(start) }
    }

    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always) get { base[index] }
        @inline(__always) set { base[index] = newValue }
    }

    /// Gives the memory of some values back, which are any then, and may be set again.
    public func giveBack(_ range: Range<Int>) {
        guard mappedBytes > 0 else { return }
        hasGaps = true
        let stride = MemoryLayout<Element>.stride
        let page = Int(getpagesize())
        let first = (range.lowerBound * stride + page - 1) / page * page
        let end = range.upperBound * stride / page * page
        if first < end { madvise(UnsafeMutableRawPointer(start) + first, end - first, CInt(MADV_DONTNEED)) }
    }

    public var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// Makes it longer, with any values, or gives what it does not need back.
    /// - Returns: whether the system had room.
    public func resize(to count: Int) -> Bool {
        let (bytes, overflows) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard count >= 0, !overflows else { return false }
        // The C library moves pages of what grows, not bytes.
        guard let memory = reallocate(bytes) else {
            // What is not given back is too much, and no harm.
            if count <= length { length = count }
            return length == count
        }
        if mappedBytes > 0 {
            memory.copyMemory(from: start, byteCount: min(bytes, length * MemoryLayout<Element>.stride))
            ColumnMemory.shared.free(start, mappedBytes, isKept: !hasGaps)
            (mappedBytes, hasGaps) = (0, false)
        }
        start = memory.bindMemory(to: Element.self, capacity: max(count, 1))
        length = count
        return true
    }

    private func reallocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let former = mappedBytes > 0 ? nil : start
        let more = former == nil ? bytes : max(0, bytes - length * MemoryLayout<Element>.stride)
        guard more == 0 || MemoryGuard.shared.admits(more) else { return nil }
        if !ColumnMemory.isReserveLeft(besides: more) {
            ColumnMemory.shared.giveBack()
            guard ColumnMemory.isReserveLeft(besides: more) else { return nil }
        }
        return realloc(former, bytes)
    }
}
