/// The largest string index in a section, with the place of its first occurrence. How many strings there are is known
/// only at the end of the document, when it is too late to look at each index.
struct LargestIndex {
    private var value: UInt64 = 0
    private var offset: UInt64 = 0
    private var isSet = false

    @inline(__always)
    mutating func note(_ index: UInt64, at place: UInt64) {
        if index > value || !isSet {
            value = index
            offset = place
            isSet = true
        }
    }

    func check(
        stringCount: UInt64, _ invariant: SnapshotInvariant, in section: SnapshotSection
    ) throws(Rejection) {
        guard isSet, value >= stringCount else { return }
        throw .breaks(
            invariant, at: offset, in: section,
            "the largest string index here, \(value), is not below the \(stringCount) strings")
    }
}
