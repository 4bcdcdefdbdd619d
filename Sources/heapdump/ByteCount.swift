import ArgumentParser

/// A size in bytes on the command line: a number, with K, M, G or T for powers of 1024 as control groups take them.
struct ByteCount: ExpressibleByArgument, Equatable {
    let bytes: UInt64

    init?(argument: String) {
        let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        var digits = Substring(argument)
        var factor: UInt64 = 1
        if let last = digits.last, let unit = units[Character(last.uppercased())] {
            factor = unit
            digits.removeLast()
        }
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt64(digits), number > 0 else {
            return nil
        }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
        guard !overflows, bytes < 1 << 60 else { return nil }
        self.bytes = bytes
    }
}
