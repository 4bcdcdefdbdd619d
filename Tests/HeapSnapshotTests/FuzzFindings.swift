import Testing

/// An input for which the fuzzer found that a property did not hold.
struct FuzzFinding: Sendable, CustomTestStringConvertible {
    /// What went wrong.
    let testDescription: String
    let bytes: [UInt8]

    init(_ description: String, _ text: String) {
        testDescription = description
        bytes = Array(text.utf8)
    }

    static let all = [
        FuzzFinding(
            "the early verdict said less than the last one", #"{"nodes":[{"id":1,"callFrame":{}}]}"#)
    ]
}
