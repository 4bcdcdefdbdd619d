/// Tells references to nodes from other numbers: a reference is the index of the node's first field in the flat array.
struct NodeReference {
    private let fieldCount: UInt64
    private let limit: UInt64
    private let inverse: UInt64

    /// `limit` is the length of the flat array of nodes.
    init(fieldCount: UInt64, limit: UInt64) {
        self.fieldCount = max(fieldCount, 1)
        self.limit = limit
        // Lemire's divisibility test: exact where divisor and dividend are below 2^32 and the divisor exceeds 1.
        inverse = fieldCount > 1 && fieldCount < 1 << 32 && limit <= 1 << 32 ? UInt64.max / fieldCount &+ 1 : 0
    }

    @inline(__always)
    func isValid(_ index: UInt64) -> Bool {
        guard index < limit else { return false }
        return inverse != 0 ? index &* inverse < inverse : index % fieldCount == 0
    }

    /// Says why a number is no reference.
    func complaint(_ index: UInt64) -> String {
        index < limit
            ? "\(index) is not a multiple of the \(fieldCount) fields of a node"
            : "\(index) is not below the \(limit) numbers in nodes"
    }
}
