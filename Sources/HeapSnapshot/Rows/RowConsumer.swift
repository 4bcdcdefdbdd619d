/// Checks the rows of one section.
protocol RowConsumer: ~Copyable {
    /// The column whose numbers may be negative; they come as their two's complement. nil for none.
    var signedColumn: Int? { get }

    /// Takes one row: the value of each field, and its offset in the document.
    mutating func accept(_ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>) throws(Rejection)

    /// `RowKernel.scanWholeRows` with `accept`. Each has its own, since the compiler makes one loop of both only where it knows
    /// the type.
    mutating func scanWhole(
        _ cursor: Cursor, width: Int, values: UnsafeMutablePointer<UInt64>, offsets: UnsafeMutablePointer<UInt64>
    ) throws(Rejection) -> Int
}

extension RowConsumer where Self: ~Copyable {
    var signedColumn: Int? { nil }
}
