/// What would be freed with a suspect, class by class: the largest shallow size first. Classes of one name are one. What another suspect is
/// about is left out.
///
/// There may be as many as nodes, of which few are looked at: names are made when they are asked for.
public struct SuspectContents: RandomAccessCollection, Sendable {
    public struct Part: Encodable, Sendable, Equatable {
        public let `class`: String
        /// Of objects that take memory.
        public let count: UInt64
        /// In bytes.
        public let shallowSize: UInt64
    }

    /// The contents that a suspect's own sentence does not count: neither its objects nor what holds them, nor V8's stores.
    public struct Rest: Sendable, Equatable {
        /// The main classes, the largest first.
        public let parts: [Part]
        /// Of all other classes together.
        public let count: UInt64
        /// How many these are.
        public let classCount: UInt64
    }

    /// A row without its name.
    struct Row: BitwiseCopyable, Sendable {
        /// A place in `ClassNames.classes`.
        let classIndex: UInt32
        var count: UInt32
        /// In bytes.
        var size: UInt64
    }

    private let names: ClassNames
    private let rows: [Row]
    /// nil where it is a small part of the suspect.
    public let rest: Rest?

    public var startIndex: Int { 0 }
    public var endIndex: Int { rows.count }
    public subscript(position: Int) -> Part { Self.part(rows[position], names) }

    /// - Parameters:
    ///   - rows: the largest first.
    ///   - told: counts by class that are no part of the rest.
    ///   - toldClassCount: how many classes the sentence has without the rest.
    init(_ names: ClassNames, _ rows: [Row], told: [UInt32: UInt64], toldClassCount: Int) {
        (self.names, self.rows) = (names, rows)
        rest = Self.rest(names, rows, told, most: Swift.max(1, Self.mostClasses - toldClassCount))
    }

    private static func part(_ row: Row, _ names: ClassNames) -> Part {
        Part(class: names.name(of: Int(row.classIndex)), count: UInt64(row.count), shallowSize: row.size)
    }

    // MARK: What is worth a word

    /// Of the suspect's size: less is not told at all.
    private static let leastRest = 0.1
    /// Of the suspect's size: a class with less is one of the others.
    private static let leastPart = 0.02
    /// In a sentence.
    private static let mostClasses = 4

    private static func rest(_ names: ClassNames, _ rows: [Row], _ told: [UInt32: UInt64], most: Int) -> Rest? {
        let total = rows.reduce(into: UInt64(0)) { $0.addSaturating($1.size) }
        var parts: [Part] = []
        var (size, count, classCount) = (UInt64(0), UInt64(0), UInt64(0))
        for var row in rows where !isStore(Int(row.classIndex), names) {
            if let known = told[row.classIndex] {
                guard UInt64(row.count) > known else { continue }
                // Those that are told are as large as the others.
                let left = row.count - UInt32(known)
                row.size = UInt64(Double(row.size) * Double(left) / Double(row.count))
                row.count = left
            }
            size.addSaturating(row.size)
            if parts.count < most, Double(row.size) >= leastPart * Double(total) {
                parts.append(part(row, names))
            } else {
                count += UInt64(row.count)
                classCount += 1
            }
        }
        guard Double(size) >= leastRest * Double(total), !parts.isEmpty else { return nil }
        return Rest(parts: parts, count: count, classCount: classCount)
    }

    /// The memory of ArrayBuffers is what they are. Of types, those are no store that are values of JavaScript; DevTools puts all types that are none in brackets, too.
    private static let values = ["string)", "(number)", "(bigint)", "(symbol)"].map { Array($0.utf8) }

    private static func isStore(_ classIndex: Int, _ names: ClassNames) -> Bool {
        names.withName(of: classIndex) { name in
            if name.elementsEqual("system / JSArrayBufferData".utf8) { return true }
            guard name.first == UInt8(ascii: "("), name.count < 24 else { return false }
            return !values.contains { name.suffix($0.count).elementsEqual($0) }
        }
    }
}
