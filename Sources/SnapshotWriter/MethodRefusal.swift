/// A method that was not taken, and why.
public struct MethodRefusal: Sendable, Equatable, Encodable {
    public let method: SnapshotRequest.Method
    /// What was seen and what to do about it.
    public let reason: String
    /// Whether it is memory that lacks, and --force-memory would change that.
    public let isForMemory: Bool

    init(method: SnapshotRequest.Method, reason: String, isForMemory: Bool = false) {
        self.method = method
        self.reason = reason
        self.isForMemory = isForMemory
    }

    enum CodingKeys: String, CodingKey {
        case method, reason
    }
}

extension [MethodRefusal] {
    /// Each reason once, with the methods that it keeps from working: "fork, inspector".
    public var grouped: [(methods: String, reason: String)] {
        var groups: [(methods: String, reason: String)] = []
        for refusal in self {
            if let index = groups.firstIndex(where: { $0.reason == refusal.reason }) {
                groups[index].methods += ", " + refusal.method.rawValue
            } else {
                groups.append((refusal.method.rawValue, refusal.reason))
            }
        }
        return groups
    }
}
