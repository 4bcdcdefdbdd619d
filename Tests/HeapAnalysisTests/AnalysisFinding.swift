import Testing

/// Bytes of a heap of which the fuzzer found that a property did not hold.
struct AnalysisFinding: Sendable, CustomTestStringConvertible {
    /// What went wrong.
    let testDescription: String
    let bytes: [UInt8]

    init(_ description: String, _ bytes: [UInt8]) {
        testDescription = description
        self.bytes = bytes
    }

    static let all = [
        AnalysisFinding("a heap of the root alone", [])
    ]
}
