/// Amounts of memory and disk as people read them.
public enum ByteText {
    /// Decimal units, as disks and DevTools use them.
    public static func text(_ value: UInt64) -> String {
        switch value {
        case ..<1000: "\(value) B"
        case ..<1_000_000: tenths(Double(value) / 1e3) + " kB"
        case ..<1_000_000_000: tenths(Double(value) / 1e6) + " MB"
        default: tenths(Double(value) / 1e9) + " GB"
        }
    }

    static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
