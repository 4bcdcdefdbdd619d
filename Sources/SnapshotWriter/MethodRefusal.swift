/// A method that was not taken, and why.
public struct MethodRefusal: Sendable, Equatable, Encodable {
    public let method: SnapshotRequest.Method
    /// What was seen and what to do about it.
    public let reason: String
}
