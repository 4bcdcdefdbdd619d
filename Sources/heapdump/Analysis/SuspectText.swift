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
        let place = HeapTextPrinter.expression(suspect.path)
        switch suspect.kind {
        case .single:
            if suspect.className.hasSuffix("string)") { return "One string takes \(much), at \(place)" }
            return "One \(name) holds \(much), at \(place)"
        case .collection:
            let holder = suspect.holder.map { HeapTextPrinter.object($0) } ?? "object"
            return "\(many), \(much), all held by the \(holder) at \(place)"
        case .chain(let edge, let classes):
            let link = HeapTextPrinter.name(edge, longest: 30)
            let objects = classes.map { HeapTextPrinter.name($0) }.joined(separator: ", ")
            return "A chain of \(Printable.count(suspect.count)) objects (\(objects)), each held by \(link) of the one before, "
                + "\(much), the first at \(place)"
        case .spread:
            return
                "\(many), \(much), held by several objects each, so that no single one frees them all; one is at \(place)"
        }
    }

    /// "strings", "arrays": categories in brackets and names of classes stay as they are.
    private static func plural(_ name: String, _ count: UInt64) -> String {
        name.hasPrefix("(") || name.hasPrefix("{") ? name : count == 1 ? name : "\(name) objects"
    }
}
