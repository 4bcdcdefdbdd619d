import HeapAnalysis

/// A suspect in plain words.
enum SuspectText {
    static func kind(_ kind: LeakSuspect.Kind) -> String {
        switch kind {
        case .single: "single"
        case .collection: "collection"
        case .chain: "chain"
        case .spread: "spread"
        }
    }

    static func sentence(_ suspect: LeakSuspect) -> String {
        let name = HeapTextPrinter.name(suspect.className)
        let much = "\(Printable.bytes(suspect.retainedSize)), \(HeapTextPrinter.percent(suspect.share)) of the heap"
        let many = "\(Printable.count(suspect.count)) \(plural(name, suspect.count))"
        switch suspect.kind {
        case .single:
            return "One \(name) holds \(much)" + through(suspect)
        case .collection:
            return "\(many), \(much), all held by " + holder(suspect) + through(suspect)
        case .chain(let edge):
            return
                "\(many) in a chain, each held by \(HeapTextPrinter.name(edge, longest: 30)) of the one before, \(much)"
                + through(suspect)
        case .spread:
            return
                "\(many), \(much), each held by several objects: no single one of them frees them all; one is reached"
                + through(suspect)
        }
    }

    /// "strings", "arrays": categories in brackets and names of classes stay as they are.
    private static func plural(_ name: String, _ count: UInt64) -> String {
        name.hasPrefix("(") || name.hasPrefix("{") ? name : count == 1 ? name : "\(name) objects"
    }

    private static func holder(_ suspect: LeakSuspect) -> String {
        guard let holder = suspect.holder else { return "the roots" }
        let name = HeapTextPrinter.object(holder)
        guard let edge = suspect.path.steps.last?.edge else { return "\(name) @\(holder.id)" }
        return "the \(name) \(HeapTextPrinter.name(edge, longest: 40))"
    }

    /// The way from the root, as an expression.
    private static func through(_ suspect: LeakSuspect) -> String {
        suspect.path.steps.count > 1 ? ", through " + HeapTextPrinter.expression(suspect.path) : ""
    }
}
