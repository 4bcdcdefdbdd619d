/// Reads numbers and fields off the kernel's text without making Strings of it.
public struct ByteCursor {
    private var rest: Slice<UnsafeRawBufferPointer>

    public init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
    }

    public var isAtEnd: Bool { rest.isEmpty }

    /// The digits that come next, as a number; `nil` where there are none or too many.
    public mutating func decimal() -> UInt64? {
        number(radix: 10)
    }

    public mutating func hexadecimal() -> UInt64? {
        number(radix: 16)
    }

    /// Exactly eight hexadecimal digits.
    public mutating func hexadecimalWord() -> UInt32? {
        guard rest.count >= 8 else { return nil }
        var word = ByteCursor(UnsafeRawBufferPointer(rebasing: rest.prefix(8)))
        guard let value = word.hexadecimal(), word.isAtEnd else { return nil }
        rest = rest.dropFirst(8)
        return UInt32(truncatingIfNeeded: value)
    }

    public mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    public mutating func skipSpaces() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Over the field that comes next and the spaces on both its sides.
    public mutating func skipField() {
        skipSpaces()
        rest = rest.drop { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        skipSpaces()
    }

    public mutating func skipPrefix(_ prefix: StaticString) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// All that is left.
    public var remaining: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: rest) }

    private mutating func number(radix: UInt64) -> UInt64? {
        var value: UInt64 = 0
        var digits = 0
        while let byte = rest.first, let digit = Self.digit(byte), digit < radix {
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
            digits += 1
            rest = rest.dropFirst()
        }
        return digits > 0 ? value : nil
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
