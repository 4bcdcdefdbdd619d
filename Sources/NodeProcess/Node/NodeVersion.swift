public struct NodeVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int
    public let patch: Int

    public init(major: Int, minor: Int, patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// From `v20.18.0` or `20.18.0`; what follows the patch number, as in `-nightly`, is left out.
    public init?(_ text: some StringProtocol) {
        let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else { return nil }
        let end = parts[2].firstIndex { !("0"..."9").contains($0) } ?? parts[2].endIndex
        guard let patch = Self.number(parts[2][..<end]) else { return nil }
        guard end == parts[2].endIndex || "-+".contains(parts[2][end]) else { return nil }
        self.init(major: major, minor: minor, patch: patch)
    }

    public var description: String { "v\(major).\(minor).\(patch)" }

    public static func < (one: NodeVersion, other: NodeVersion) -> Bool {
        (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
    }

    /// Digits only: `Int` alone would take signs.
    private static func number(_ text: some StringProtocol) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(text)
    }
}
