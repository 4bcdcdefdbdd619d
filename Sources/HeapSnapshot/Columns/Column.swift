import Glibc

/// A fixed number of values in memory of their own, zero until they are set, which goes back to the system at the end.
///
/// Not an Array: those are for values that the program owns one by one. Columns are as long as a heap has nodes or edges, are
/// filled and read by unsafe pointers in inner loops, and must not be copied by accident. The C library maps large ones one by
/// one: a page is given when it is first written to, so that a column may be made larger than it turns out to be, and another
/// length moves pages, not bytes.
public final class Column<Element: BitwiseCopyable>: @unchecked Sendable {
    // Read in inner loops, where a check of each access would cost more than the access. Whoever resizes a column has it alone.
    @exclusivity(unchecked) public private(set) var base: UnsafeMutablePointer<Element>
    @exclusivity(unchecked) public private(set) var count: Int

    /// - Returns: nil where the system has no room for it.
    public init?(count: Int) {
        guard count >= 0, let memory = calloc(max(count, 1), MemoryLayout<Element>.stride) else { return nil }
        base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
        self.count = count
    }

    deinit {
        free(base)
    }

    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always) get { base[index] }
        @inline(__always) set { base[index] = newValue }
    }

    public var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// Makes it longer, with any values, or gives what it does not need back.
    /// - Returns: whether the system had room.
    public func resize(to count: Int) -> Bool {
        let (size, overflows) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflows, let memory = realloc(base, size) else { return false }
        base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
        self.count = count
        return true
    }
}
