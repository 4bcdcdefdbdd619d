/// Checks the rows of one section.
protocol RowConsumer: ~Copyable {
    /// The column whose numbers may be negative; they come as their two's complement. nil for none.
    var signedColumn: Int? { get }

    /// Takes one row: the value of each field, and its offset in the document.
    mutating func accept(_ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>) throws(Rejection)
}

extension RowConsumer where Self: ~Copyable {
    var signedColumn: Int? { nil }
}
