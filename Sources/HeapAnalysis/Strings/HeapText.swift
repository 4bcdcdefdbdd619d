/// Texts of the heap as Swift's strings.
///
/// JavaScript's strings are any 16-bit units; half a surrogate pair is no Unicode, and Swift's strings cannot hold it. Such a unit
/// stands here as two characters, the first of which no text has to hold (Unicode 23.7), so that JSON can spell it as it is,
/// and people see U+FFFD. A heap may hold that first one all the same: it stands twice then.
public enum HeapText {
    /// In UTF-16 code units. A longer text is cut where it leaves the heap's columns: one name of many megabytes may stand in each
    /// row of each list. V8 itself writes no more than this of a string, unless it is told to.
    public static let longest = 1024

    /// A noncharacter.
    private static let marker: Unicode.Scalar = "\u{10FFFE}"
    /// That of U+D800 after the marker.
    private static let firstStandIn: UInt32 = 0x10F800
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
        // The first bytes of all surrogates, and of the marker.
        guard bytes.contains(where: { $0 == 0xED || $0 == 0xF4 }) else { return String(decoding: bytes, as: UTF8.self) }
        var text = String.UnicodeScalarView()
        let units = JavaScriptText.codeUnits(bytes)
        var index = 0
        while index < units.count {
            let unit = UInt32(units[index])
            index += 1
            if unit & 0xFC00 == 0xD800, index < units.count, units[index] & 0xFC00 == 0xDC00 {
                let low = UInt32(units[index]) & 0x3FF
                index += 1
                let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low) ?? "\u{FFFD}"
                if scalar == marker { text.append(marker) }
                text.append(scalar)
            } else if let scalar = Unicode.Scalar(unit) {
                text.append(scalar)
            } else {
                text.append(marker)
                text.append(Unicode.Scalar(firstStandIn + unit - surrogates) ?? "\u{FFFD}")
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

    /// A character of a text of the heap.
    public enum Character: Equatable {
        case scalar(Unicode.Scalar)
        case loneSurrogate(UInt16)
    }

    /// In order. Text that is not of the heap comes out as it is.
    public static func characters(_ text: String) -> Characters { Characters(rest: text.unicodeScalars.makeIterator()) }

    public struct Characters: Sequence, IteratorProtocol {
        private var rest: String.UnicodeScalarView.Iterator
        private var held: Unicode.Scalar?

        fileprivate init(rest: String.UnicodeScalarView.Iterator) { self.rest = rest }

        public mutating func next() -> Character? {
            guard let scalar = held ?? rest.next() else { return nil }
            held = nil
            guard scalar == marker, let next = rest.next() else { return .scalar(scalar) }
            if next == marker { return .scalar(marker) }
            if (firstStandIn..<firstStandIn + 0x800).contains(next.value) {
                return .loneSurrogate(UInt16(surrogates + next.value - firstStandIn))
            }
            held = next
            return .scalar(marker)
        }
    }

    /// For people.
    public static func readable(_ text: String) -> String {
        guard text.unicodeScalars.contains(marker) else { return text }
        return String(
            String.UnicodeScalarView(
                characters(text).map { if case .scalar(let scalar) = $0 { scalar } else { "\u{FFFD}" } }))
    }
}
