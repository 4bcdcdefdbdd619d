import ArgumentParser

/// A length of time on the command line: `200ms`, `10s`, `5m`, `6h`, `14d`, fractions allowed; a bare number is seconds.
enum TimeSpan {
    private static let units: [String: Double] = ["": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400]
    /// Beyond this a clock's arithmetic overflows, and nobody waits 30 years.
    private static let longest = 1e9

    /// - Returns: 0 to 1e9.
    static func seconds(_ text: String) -> Double? {
        guard let (number, unit) = Quantity.split(text), let factor = units[unit] else { return nil }
        let seconds = number * factor
        return seconds <= longest ? seconds : nil
    }
}
