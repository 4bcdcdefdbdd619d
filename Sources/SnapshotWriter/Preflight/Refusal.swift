/// Why a method is not taken.
public struct Refusal: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// As long as the process is as it is.
        case lasting
        /// Memory or address space lacks.
        case memory
        /// Something is in the way that may go by itself: worth another try.
        case temporary
    }

    /// What was seen, and what to do about it: a clause.
    public let reason: String
    public let kind: Kind

    init(_ reason: String, _ kind: Kind = .lasting) {
        self.reason = reason
        self.kind = kind
    }
}
