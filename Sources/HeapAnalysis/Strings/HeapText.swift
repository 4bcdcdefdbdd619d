/// Texts of the heap as Swift's strings.
///
/// JavaScript's strings are any 16-bit units; half a surrogate pair is no Unicode, and Swift's strings cannot hold it. Such units
/// stand here as private-use characters of plane 16, so that JSON can spell them as they are, and people see U+FFFD.
public enum HeapText {
    /// In UTF-16 code units. A longer text is cut where it leaves the heap's columns: one name of many megabytes may stand in each
    /// row of each list. V8 itself writes no more than this of a string, unless it is told to.
    public static let longest = 1024

    private static let standIns: ClosedRange<UInt32> = 0x10F800...0x10FFFF
    private static let surrogates: UInt32 = 0xD800

    /// A text for people and JSON, which an ellipsis ends where it is longer than `longest`.
    /// - Parameter bytes: UTF-8 or WTF-8.
    static func name(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let count = JavaScriptText.prefixLength(bytes, units: longest)
        return count < bytes.count ? string(bytes[..<count]) + "…" : string(bytes)
    }

    static func name(_ bytes: [UInt8]) -> String { bytes.withUnsafeBufferPointer { name($0) } }

    /// - Parameter bytes: UTF-8 or WTF-8.
    static func string(_ bytes: some Collection<UInt8>) -> String {
        guard bytes.contains(0xED) else { return String(decoding: bytes, as: UTF8.self) }
        var text = String.UnicodeScalarView()
        let units = JavaScriptText.codeUnits(bytes)
        var index = 0
        while index < units.count {
            let unit = UInt32(units[index])
            index += 1
            if unit & 0xFC00 == 0xD800, index < units.count, units[index] & 0xFC00 == 0xDC00 {
                let low = UInt32(units[index]) & 0x3FF
                index += 1
                text.append(Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low) ?? "\u{FFFD}")
            } else {
                let scalar = unit & 0xF800 == surrogates ? standIns.lowerBound + (unit & 0x7FF) : unit
                text.append(Unicode.Scalar(scalar) ?? "\u{FFFD}")
            }
        }
        return String(text)
    }

    /// A text as `name` cuts it, in UTF-8: half a surrogate pair is U+FFFD, as for people.
    /// - Parameter bytes: UTF-8 or WTF-8, and no copy is made of a text that needs no change.
    static func withUnicode<Result>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        // No text has more UTF-16 units than bytes, and each surrogate begins with this byte.
        if bytes.count <= longest, !bytes.contains(0xED) { return body(bytes) }
        var text = readable(name(bytes))
        return text.withUTF8(body)
    }

    /// The unit that a character stands for; nil where it stands for itself.
    public static func loneSurrogate(_ scalar: Unicode.Scalar) -> UInt16? {
        standIns.contains(scalar.value) ? UInt16(surrogates + (scalar.value - standIns.lowerBound)) : nil
    }

    /// For people.
    public static func readable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { loneSurrogate($0) != nil }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { loneSurrogate($0) == nil ? $0 : "\u{FFFD}" }))
    }
}
