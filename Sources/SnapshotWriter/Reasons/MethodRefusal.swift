/// A method that was not taken, and why.
public struct MethodRefusal: Sendable, Equatable, Encodable {
    public let method: SnapshotRequest.Method
    @Unprinted public private(set) var refusal: Refusal
    public let reason: String
    public let reasonCode: ReasonCode
    /// What it would take of the target beside memory, and what is left; nil where that was not looked at.
    public let needs: [ResourceNeed]?

    public var isForMemory: Bool { refusal.kind == .memory }

    init(method: SnapshotRequest.Method, _ refusal: Refusal, needs: [ResourceNeed] = []) {
        self.method = method
        self.refusal = refusal
        reason = refusal.reason
        reasonCode = refusal.code
        self.needs = needs.isEmpty ? nil : needs
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
