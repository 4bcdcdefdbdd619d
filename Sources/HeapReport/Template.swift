/// A page with places to fill, `{{name}}` each. What is filled in is not looked at again: it may look like a place.
struct Template {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func filled(_ values: [String: [UInt8]]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + values.values.reduce(0) { $0 + $1.count })
        var rest = bytes[...]
        while let place = nextPlace(in: rest) {
            result += rest[..<place.lowerBound]
            let name = String(decoding: rest[place].dropFirst(2).dropLast(2), as: UTF8.self)
            result += values[name] ?? []
            rest = rest[place.upperBound...]
        }
        return result + rest
    }

    private func nextPlace(in part: ArraySlice<UInt8>) -> Range<Int>? {
        guard let start = firstPair(UInt8(ascii: "{"), in: part),
            let end = firstPair(UInt8(ascii: "}"), in: part[start...])
        else { return nil }
        return start..<end + 2
    }

    private func firstPair(_ byte: UInt8, in part: ArraySlice<UInt8>) -> Int? {
        zip(part.indices, part.indices.dropFirst()).first { part[$0] == byte && part[$1] == byte }?.0
    }
}
