/// Objects of one pattern that are many, however little they hold: more than a process has that leaks nothing.
public struct ManyObjects: Sendable {
    public let pattern: LeakSuspect.Pattern
    public let count: UInt64
    /// In bytes, what the pattern costs: the strings that slices keep, the room that is not used; nil where nothing but the count matters.
    public let size: UInt64?
    /// nil where they call nothing of the application's.
    public let code: SuspectCode?
    /// To what has them: the emitter, or one of the objects; nil where the code says more.
    public let path: RetainingPath?
}

extension ManyObjects {
    /// Of one event and one emitter. Node itself warns of 11; a server of some hundred connections has some ten.
    static let leastListeners: UInt64 = 1000
    /// Of one place of the application's. A server has one or two for each request that it is at.
    static let leastTimers: UInt64 = 5000
    /// What waits for promises: an await or a callback of then(). A server has a few for each request that it is at.
    static let leastReactions: UInt64 = 10_000
    static let leastSlices: UInt64 = 2000
    /// In bytes: what slices keep, or the room that is not used.
    static let leastSize: UInt64 = 1_000_000
    static let leastSpare: UInt64 = 1000
    /// Emitters and places that are told.
    static let mostOfPattern = 3
}
