extension UInt64 {
    /// Of retained sizes where one object may hold another: what they have in common counts each time.
    mutating func addSaturating(_ size: UInt64) {
        let (sum, overflows) = addingReportingOverflow(size)
        self = overflows ? .max : sum
    }
}
