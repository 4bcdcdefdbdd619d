/// A method that was not taken, and why.
public struct MethodRefusal: Sendable, Equatable, Encodable {
    public let method: SnapshotRequest.Method
    public let refusal: Refusal
    /// What it would take of the target beside memory, and what is left; empty where that was not looked at.
    public var needs: [ResourceNeed] = []

    public var reason: String { refusal.reason }
    public var isForMemory: Bool { refusal.kind == .memory }

    init(method: SnapshotRequest.Method, _ refusal: Refusal, needs: [ResourceNeed] = []) {
        self.method = method
        self.refusal = refusal
        self.needs = needs
    }

    enum CodingKeys: String, CodingKey {
        case method, reason, needs
        case reasonCode = "reason_code"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(method, forKey: .method)
        try container.encode(reason, forKey: .reason)
        try container.encode(refusal.code, forKey: .reasonCode)
        if !needs.isEmpty { try container.encode(needs, forKey: .needs) }
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
