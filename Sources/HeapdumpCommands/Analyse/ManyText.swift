import HeapAnalysis

/// Patterns that are many, in plain words.
enum ManyText {
    static func sentence(_ many: ManyObjects) -> String {
        let count = Printable.count(many.count)
        let calls = many.code.map { ", \(SuspectText.those($0))calling \(SuspectText.codePlace($0))" } ?? ""
        let size = many.size.map { Printable.bytes($0) } ?? ""
        let place = many.path.map(HeapTextPrinter.expression) ?? ""
        switch many.pattern {
        case .listeners(let event):
            let of = event.map { " of '\(HeapTextPrinter.name($0, longest: 40))'" } ?? ""
            return "\(count) listeners\(of) on \(place)\(SuspectText.listeners(many.code))"
        case .timers: return "\(count) timers\(calls)"
        case .promises: return "\(count) awaits and then() callbacks wait for promises that are not settled\(calls)"
        case .slicedStrings:
            return "\(count) short strings keep longer ones that they were cut from, \(size); the largest is kept by "
                + "the one at \(place)"
        case .arrayBuffers: return "\(count) ArrayBuffers, \(size)"
        case .spareCapacity:
            return "\(count) arrays, Maps and Sets have room for four times what is in them or more, \(size) of it "
                + "unused (numbers do not show); the largest is at \(place)"
        }
    }
}
