/// Signals as the kernel keeps them: bit n-1 is signal n.
public struct SignalSet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// From a mask of /proc/PID/status, such as `0000000000004602`.
    public init?(mask: some StringProtocol) {
        guard let rawValue = UInt64(mask, radix: 16) else { return nil }
        self.rawValue = rawValue
    }

    public init(signal: Int32) {
        rawValue = (1...64).contains(signal) ? 1 << UInt64(signal - 1) : 0
    }

    public func contains(signal: Int32) -> Bool {
        (1...64).contains(signal) && contains(SignalSet(signal: signal))
    }
}
