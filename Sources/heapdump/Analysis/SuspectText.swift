import HeapAnalysis
import HeapSnapshot

/// A suspect in plain words.
enum SuspectText {
    static func kind(_ suspect: LeakSuspect) -> String {
        switch suspect.pattern {
        case .listeners: "listeners"
        case .timers: "timers"
        case .promises: "promises"
        case .slicedStrings: "sliced-string"
        case .arrayBuffers: "array-buffers"
        case .spareCapacity: "spare-capacity"
        case nil: kind(suspect.kind)
        }
    }

    private static func kind(_ kind: LeakSuspect.Kind) -> String {
        switch kind {
        case .single: "single"
        case .collection: "collection"
        case .chain: "chain"
        case .spread: "spread"
        }
    }

    static func sentence(_ suspect: LeakSuspect) -> String {
        let much = "\(Printable.bytes(suspect.retainedSize)), \(HeapTextPrinter.percent(suspect.share)) of the heap"
        let place = HeapTextPrinter.expression(suspect.path)
        if case .listeners(let event?) = suspect.pattern, let emitter = suspect.path.dropLast(2) {
            let code = suspect.code.map { "; \(most($0, "all", "most")) are the function at \(codePlace($0))" } ?? ""
            return "\(Printable.count(suspect.count)) listeners of '\(HeapTextPrinter.name(event, longest: 40))' on "
                + "\(HeapTextPrinter.expression(emitter)), \(much)\(code)"
        }
        let calls = suspect.code.map { ", \(most($0, "calling", "most of them calling")) \(codePlace($0))" } ?? ""
        switch suspect.kind {
        case .single:
            if suspect.className.hasSuffix("string)") { return "One string takes \(much), at \(place)" }
            if case .spareCapacity(let used, let places) = suspect.pattern {
                let counts = (Printable.count(used), Printable.count(places))
                return "One \(one(suspect)) takes \(much), at \(place): it has room for about \(counts.1), and "
                    + "\(counts.0) objects in it (numbers do not show)"
            }
            return "One \(one(suspect)) holds \(much), at \(place)"
        case .collection where suspect.pattern == .timers && !calls.isEmpty:
            // Where Node keeps them says nothing.
            return "\(many(suspect)), \(much)\(calls)"
        case .collection where suspect.pattern == .slicedStrings:
            return "\(many(suspect)) keep the longer strings that they were cut from, \(much), all held by "
                + "\(holder(suspect)) at \(place)"
        case .collection:
            return "\(many(suspect)), \(much), all held by \(holder(suspect)) at \(place)\(all(suspect))"
                + (isFunctions(suspect) ? "" : calls)
        case .chain(let edge, let classes):
            let link = edge.isEmpty ? "" : HeapTextPrinter.name(edge, longest: 30) + " of "
            let objects = classes.map { HeapTextPrinter.name($0) }.joined(separator: ", ")
            return "A chain of \(Printable.count(suspect.count)) objects (\(objects)), each held by \(link)the one "
                + "before, \(much), the first at \(place)\(calls)"
        case .spread:
            return
                "\(many(suspect)), \(much), held by several objects each, so that no single one frees them all; one is at \(place)"
        }
    }

    private static func holder(_ suspect: LeakSuspect) -> String {
        guard let holder = suspect.holder else { return "one object" }
        if holder.className == "system / Context" { return "the variables of one scope," }
        // What a table has is in none of its properties.
        return "the " + (holder.name == "{}" ? "object" : HeapTextPrinter.object(holder, longest: 40))
    }

    /// What else there is of it: keys, and room for more.
    private static func all(_ suspect: LeakSuspect) -> String {
        guard let holder = suspect.holder, Double(holder.retainedSize) > 1.2 * Double(suspect.retainedSize) else {
            return ""
        }
        let share = suspect.share * Double(holder.retainedSize) / Double(max(suspect.retainedSize, 1))
        return ", which holds \(Printable.bytes(holder.retainedSize)), \(HeapTextPrinter.percent(share)), in all"
    }

    private static func isFunctions(_ suspect: LeakSuspect) -> Bool { suspect.className == "Function" }

    private static func one(_ suspect: LeakSuspect) -> String {
        guard isFunctions(suspect), let code = suspect.code else { return HeapTextPrinter.name(suspect.className) }
        return "function of \(codePlace(code))"
    }

    private static func many(_ suspect: LeakSuspect) -> String {
        let count = Printable.count(suspect.count)
        if isFunctions(suspect), let code = suspect.code {
            return "\(count) functions\(most(code, " of", ", most of them of")) \(codePlace(code))"
        }
        switch suspect.pattern {
        case .timers: return "\(count) timers"
        case .slicedStrings: return "\(count) short strings"
        default: return "\(count) \(plural(HeapTextPrinter.name(suspect.className), suspect.count))"
        }
    }

    private static func most(_ code: SuspectCode, _ all: String, _ most: String) -> String { code.isOfAll ? all : most }

    /// `onPrice (shop.js:21)`, as editors count lines: from 1.
    private static func codePlace(_ code: SuspectCode) -> String {
        let line = HeapTextPrinter.line(of: code.place)
        return code.function.isEmpty ? line : "\(HeapTextPrinter.name(code.function, longest: 40)) (\(line))"
    }

    /// "strings", "arrays": categories in brackets and names of classes stay as they are.
    private static func plural(_ name: String, _ count: UInt64) -> String {
        name.hasPrefix("(") || name.hasPrefix("{") ? name : count == 1 ? name : "\(name) objects"
    }
}
