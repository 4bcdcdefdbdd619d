import HeapAnalysis
import HeapSnapshot

/// A suspect in plain words.
enum SuspectText {
    /// Of a chain's links.
    private static let mostClasses = 4

    static func kind(_ suspect: LeakSuspect) -> String {
        suspect.pattern.map(kind) ?? kind(suspect.kind)
    }

    static func kind(_ pattern: LeakSuspect.Pattern) -> String {
        switch pattern {
        case .listeners: "listeners"
        case .timers: "timers"
        case .promises: "promises"
        case .slicedStrings: "sliced-string"
        case .arrayBuffers: "array-buffers"
        case .spareCapacity: "spare-capacity"
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

    static func sentence(_ suspect: LeakSuspect) -> String { start(suspect) + rest(suspect) }

    /// What it consists of beside that: `; with them 12,000 Array, 12,000 (string) and 31 of 2 more classes`.
    private static func rest(_ suspect: LeakSuspect) -> String {
        guard let rest = suspect.contents.rest, !suspect.className.hasSuffix("string)") else { return "" }
        let parts = rest.parts.map { counted($0.count, $0.class) }
        return "; \(suspect.kind == .single ? "in it" : "with them") \(list(parts, rest.count, rest.classCount))"
    }

    private static func counted(_ count: UInt64, _ className: String) -> String {
        "\(Printable.count(count)) \(HeapTextPrinter.name(className, longest: 40))"
    }

    /// `a, b and c`, or with others: `a, b and 31 of 2 more classes`.
    private static func list(_ parts: [String], _ otherCount: UInt64, _ otherClasses: UInt64) -> String {
        let others = "\(Printable.count(otherCount)) of \(Printable.count(otherClasses)) more "
        let all = otherClasses == 0 ? parts : parts + [others + (otherClasses == 1 ? "class" : "classes")]
        guard let last = all.last, all.count > 1 else { return all.first ?? "" }
        return all.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func start(_ suspect: LeakSuspect) -> String {
        let much = "\(Printable.bytes(suspect.retainedSize)), \(HeapTextPrinter.percent(suspect.share)) of the heap"
        let place = HeapTextPrinter.expression(suspect.path)
        if case .listeners(let event?) = suspect.pattern, let emitter = suspect.path.dropLast(2) {
            return "\(Printable.count(suspect.count)) listeners of '\(HeapTextPrinter.name(event, longest: 40))' on "
                + "\(HeapTextPrinter.expression(emitter)), \(much)\(listeners(suspect.code))"
        }
        let calls = suspect.code.map { ", \(those($0))calling \(codePlace($0))" } ?? ""
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
                + holder(suspect)
        case .collection:
            return "\(many(suspect)), \(much), all held by \(holder(suspect))\(all(suspect))"
                + (isFunctions(suspect) ? "" : calls)
        case .chain(let edge, let links):
            let link = edge.isEmpty ? "" : HeapTextPrinter.name(edge, longest: 30) + " of "
            return
                "A chain of \(chained(suspect.count, links)), each held by \(link)the one before, \(much), the first "
                + "at \(place)\(tail(suspect))\(calls)"
        case .spread:
            return
                "\(many(suspect)), \(much), held by several objects each, so that no single one frees them all; one is at \(place)"
        }
    }

    /// The variable to whose promise the program adds, where that is another than the one that holds the first.
    private static func tail(_ suspect: LeakSuspect) -> String {
        guard let path = suspect.tailPath, path.variable != nil else { return "" }
        return ", the last at \(HeapTextPrinter.expression(path))"
    }

    /// `49,500 objects (24,750 Page, 24,750 Link)`: one class alone needs no count of its own.
    private static func chained(_ count: UInt64, _ links: [LeakSuspect.Links]) -> String {
        if links.count == 1 { return many(count, links[0].className) }
        let shown = links.prefix(mostClasses)
        let others = count - shown.reduce(0) { $0 + $1.count }
        let parts = shown.map { counted($0.count, $0.className) }.joined(separator: ", ")
        let more = list([], others, UInt64(links.count - shown.count))
        return "\(Printable.count(count)) objects (\(parts)\(more.isEmpty ? "" : " and \(more)"))"
    }

    private static func many(_ count: UInt64, _ className: String) -> String {
        "\(Printable.count(count)) \(plural(HeapTextPrinter.name(className), count))"
    }

    /// `the Map at sessions in shop.js`, or `several variables, at recent and all in shop.js`.
    private static func holder(_ suspect: LeakSuspect) -> String {
        let place = HeapTextPrinter.expression(suspect.path)
        guard let holder = suspect.holder else { return "one object at \(place)" }
        if let scope = suspect.scope {
            return "several variables, at \(variables(of: scope))"
                + (scope.script.map { " in \(HeapTextPrinter.fileName($0))" } ?? " of the scope at \(place)")
        }
        if holder.class == "system / Context" { return "the variables of one scope, at \(place)" }
        // What a table has is in none of its properties.
        return "the " + (holder.name == "{}" ? "object" : HeapTextPrinter.object(holder, longest: 40)) + " at \(place)"
    }

    private static func variables(of scope: SharedScope) -> String {
        let names = scope.variables.map { HeapTextPrinter.name($0, longest: 40) }
        if scope.moreCount > 0 {
            return names.joined(separator: ", ") + " and \(Printable.count(UInt64(scope.moreCount))) more"
        }
        return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
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
            return "\(count) functions\(code.isOfAll ? "" : ", \(some(code))") of \(codePlace(code))"
        }
        switch suspect.pattern {
        case .timers: return "\(count) timers"
        case .slicedStrings: return "\(count) short strings"
        default: return many(suspect.count, suspect.className)
        }
    }

    /// What listeners are.
    static func listeners(_ code: SuspectCode?) -> String {
        code.map { "; \($0.isOfAll ? "all" : some($0)) are the function at \(codePlace($0))" } ?? ""
    }

    /// Before what some of the objects do; nothing for all.
    static func those(_ code: SuspectCode) -> String { code.isOfAll ? "" : some(code) + " " }

    /// `15,020 of them`, or, if not all were looked at, `15,020 of the 20,000 looked at`.
    private static func some(_ code: SuspectCode) -> String {
        let count = Printable.count(code.count)
        if code.isExact { return "\(count) of them" }
        return code.count == code.examined
            ? "all \(count) looked at" : "\(count) of the \(Printable.count(code.examined)) looked at"
    }

    /// `onPrice (shop.js:21)`, as editors count lines: from 1.
    static func codePlace(_ code: SuspectCode) -> String {
        let line = HeapTextPrinter.line(of: code.place)
        return code.function.isEmpty ? line : "\(HeapTextPrinter.name(code.function, longest: 40)) (\(line))"
    }

    /// "strings", "arrays": categories in brackets and names of classes stay as they are.
    private static func plural(_ name: String, _ count: UInt64) -> String {
        name.hasPrefix("(") || name.hasPrefix("{") ? name : count == 1 ? name : "\(name) objects"
    }
}
