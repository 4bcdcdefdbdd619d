import ELF
import V8Metadata

/// Objects of V8's heap in a process that stands: as much of them as names a function.
struct HeapObjects {
    let memory: ProcessMemory
    let metadata: V8Metadata

    /// A tagged word: a number, or an object with its lowest bit set.
    static func isObject(_ word: UInt64) -> Bool { word & 3 == 1 }

    /// The number that a tagged word is.
    static func number(_ word: UInt64) -> Int? { word & 1 == 0 ? Int(Int64(bitPattern: word) >> 32) : nil }

    func field(_ object: UInt64, _ offset: Int) -> UInt64? {
        Self.isObject(object) ? memory.word(at: object &- 1 &+ UInt64(offset)) : nil
    }

    /// nil for what is no object. A map's own map is itself, or its map's.
    func type(of object: UInt64) -> UInt16? {
        guard let map = field(object, 0), Self.isObject(map) else { return nil }
        return type(ofMap: map)
    }

    /// What kind of object a map describes; only as good as the map.
    func type(ofMap map: UInt64) -> UInt16? { memory.value(at: map &- 1 &+ UInt64(metadata.instanceType)) }

    func isArray(_ object: UInt64) -> Bool { type(of: object).map { metadata.types.arrays.contains($0) } ?? false }

    /// Of an array, by index: after its map and its length.
    func element(_ array: UInt64, _ index: Int) -> UInt64? {
        guard let length = field(array, 8).flatMap(Self.number), (0..<length).contains(index) else { return nil }
        return field(array, 16 + index * 8)
    }

    /// The bytes of a byte array; nil for an empty one.
    func byteArray(_ array: UInt64) -> [UInt8]? {
        guard let length = field(array, 8).flatMap(Self.number), (1...1 << 20).contains(length) else { return nil }
        return memory.bytes(at: array &- 1 &+ 16, count: length)
    }

    func isString(_ object: UInt64) -> Bool {
        type(of: object).map { $0 & metadata.strings.notStringMask == 0 } ?? false
    }

    /// A function's name, or that of a file; nil for what is no string.
    /// - Parameter most: UTF-16 units; what is longer is cut.
    func text(_ object: UInt64, most: Int = 1024) -> String? {
        var units: [UInt16] = []
        guard append(object, from: 0, most: most, depth: 0, to: &units) else { return nil }
        return String(decoding: units, as: UTF16.self)
    }

    /// All of a script's text, as UTF-16 units or bytes of Latin-1; nil where it is in pieces, or larger than `most`.
    func flat(_ object: UInt64, most: Int) -> [UInt16]? {
        guard let length = length(of: object), length <= most else { return nil }
        var units: [UInt16] = []
        units.reserveCapacity(length)
        guard append(object, from: 0, most: most, depth: 0, to: &units), units.count == length else { return nil }
        return units
    }

    private func length(of string: UInt64) -> Int? {
        guard isString(string), let length: Int32 = memory.value(at: string &- 1 &+ UInt64(metadata.strings.length))
        else { return nil }
        return length >= 0 ? Int(length) : nil
    }

    /// Of concatenations within one another: the pieces of a long one are a list.
    private static let deepest = 64

    private func append(
        _ object: UInt64, from start: Int, most: Int, depth: Int, to units: inout [UInt16]
    ) -> Bool {
        guard depth < Self.deepest, let type = type(of: object), let length = length(of: object), start <= length else {
            return false
        }
        let layout = metadata.strings
        let count = min(length - start, most - units.count)
        if count <= 0 { return true }
        let isOneByte = type & layout.oneByteMask == layout.oneByteTag
        switch type & layout.representationMask {
        case layout.sequential:
            let offset = isOneByte ? layout.oneByteCharacters : layout.twoByteCharacters
            return append(at: object &- 1 &+ UInt64(offset), isOneByte, start, count, to: &units)
        case layout.external:
            // The resource's text follows the resource itself.
            guard let text = field(object, layout.externalResource + 8) else { return false }
            return append(at: text, isOneByte, start, count, to: &units)
        case layout.thin:
            guard let actual = field(object, layout.thinActual) else { return false }
            return append(actual, from: start, most: most, depth: depth + 1, to: &units)
        case layout.sliced:
            guard let parent = field(object, layout.slicedParent),
                let offset = field(object, layout.slicedOffset).flatMap(Self.number), offset >= 0
            else { return false }
            return append(
                parent, from: offset + start, most: units.count + count, depth: depth + 1, to: &units)
        case layout.cons:
            guard let first = field(object, layout.consFirst), let second = field(object, layout.consSecond),
                let firstLength = self.length(of: first)
            else { return false }
            let end = units.count + count
            if start < firstLength, !append(first, from: start, most: end, depth: depth + 1, to: &units) {
                return false
            }
            return append(second, from: max(0, start - firstLength), most: end, depth: depth + 1, to: &units)
        default: return false
        }
    }

    private func append(
        at address: UInt64, _ isOneByte: Bool, _ start: Int, _ count: Int, to units: inout [UInt16]
    ) -> Bool {
        let width = isOneByte ? 1 : 2
        var done = 0
        while done < count {
            let portion = min(count - done, 1 << 18)
            guard let bytes = memory.bytes(at: address &+ UInt64((start + done) * width), count: portion * width) else {
                return false
            }
            if isOneByte {
                units.append(contentsOf: bytes.lazy.map { UInt16($0) })
            } else {
                for index in 0..<portion { units.append(UInt16(bytes[index * 2]) | UInt16(bytes[index * 2 + 1]) << 8) }
            }
            done += portion
        }
        return true
    }
}
