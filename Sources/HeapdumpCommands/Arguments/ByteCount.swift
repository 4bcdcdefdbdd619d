import ArgumentParser

/// A size in bytes on the command line: a number, fractions allowed, with a unit. `K`, `M`, `G`, `T` and `kB`, `MB`, `GB`, `TB` are powers
/// of 1000, as everything that heapdump prints; `KiB`, `MiB`, `GiB`, `TiB` are powers of 1024.
struct ByteCount: ExpressibleByArgument, Equatable {
    let bytes: UInt64

    private static let units: [String: Double] = [
        "": 1, "b": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
        "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30, "tib": 0x1p40,
    ]

    init?(argument: String) {
        guard let bytes = Self.bytes(argument), bytes >= 1 else { return nil }
        self.bytes = bytes
    }

    /// A size that may be 0.
    static func bytes(_ text: String) -> UInt64? {
        guard let (number, unit) = Quantity.split(text), let factor = units[unit.lowercased()] else { return nil }
        let bytes = (number * factor).rounded()
        return bytes < 0x1p60 ? UInt64(bytes) : nil
    }
}
