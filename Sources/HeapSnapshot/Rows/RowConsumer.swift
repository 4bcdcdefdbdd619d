/// Checks the rows of one section.
protocol RowConsumer: ~Copyable {
    /// Takes one row: the value of each field, and its offset in the document.
    mutating func accept(_ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>) throws(Rejection)
}
