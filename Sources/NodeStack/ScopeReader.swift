import V8Metadata

/// What a ScopeInfo says of its function (V8's scope-info.tq).
struct ScopeReader {
    /// Empty for a function without one.
    private(set) var name = ""
    /// Where its text begins in the script, in UTF-16 units: at the parameters, or the first one's name.
    private(set) var begin: Int?

    private let objects: HeapObjects
    private let scope: UInt64

    /// From so many locals on their names are in a table of their own.
    private static let mostNames = 75
    /// How much of what follows the locals is looked at.
    private static let mostElements = 8

    init(_ objects: HeapObjects, _ scope: UInt64) {
        self.objects = objects
        self.scope = scope
        let layout = objects.metadata.scope
        guard let count = element(layout.localCount).flatMap(HeapObjects.number), (0..<1 << 20).contains(count) else {
            return
        }
        // A name and a description of each.
        let next = layout.firstLocal + (count < Self.mostNames ? count * 2 : count + 1)
        // Since V8 13 the positions are fixed, right before the locals.
        let isFixed = layout.firstLocal >= layout.localCount + 3
        if isFixed { begin = positions(at: layout.localCount + 1) }
        readTail(from: next, withPositions: !isFixed)
    }

    private func element(_ index: Int) -> UInt64? { objects.field(scope, 8 + index * 8) }

    private func positions(at index: Int) -> Int? {
        guard let start = element(index).flatMap(HeapObjects.number),
            let end = element(index + 1).flatMap(HeapObjects.number), start >= 0, end > start
        else { return nil }
        return start
    }

    /// The name with its slot, the name that V8 has guessed, and where the function is, each there or not as flags say that
    /// move between versions: so they are told by what they are.
    private mutating func readTail(from start: Int, withPositions: Bool) {
        var index = start
        for _ in 0..<2 where name.isEmpty {
            guard let value = element(index) else { return }
            let isName = objects.isString(value) || value == 0
            if isName, let slot = element(index + 1), HeapObjects.number(slot) != nil {
                name = objects.text(value) ?? ""
                index += 2
                break
            }
            index += 1
        }
        if let guessed = element(index), objects.isString(guessed) {
            if name.isEmpty { name = objects.text(guessed) ?? "" }
            index += 1
        }
        guard withPositions else { return }
        for place in index..<index + Self.mostElements {
            begin = positions(at: place)
            if begin != nil { return }
        }
    }
}
