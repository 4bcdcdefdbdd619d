import HeapAnalysis
import HeapSnapshot
import NodeProcess

/// Parts of what the analysis prints for people.
enum HeapTextPrinter {
    /// A text of the heap in one line, as long as it may be: nothing in it steers a terminal.
    static func name(_ text: String, longest: Int = 60) -> String {
        let longest = max(1, longest)
        return TextWidth.cut(TerminalText.escaped(HeapText.readable(String(text.prefix(longest * 2)))), to: longest)
    }

    /// How one object refers to another: its end tells as much as its beginning.
    static func edge(_ text: String, longest: Int) -> String {
        let isLong = text.utf8.count > longest * 4
        let ends = isLong ? String(text.prefix(longest)) + String(text.suffix(longest)) : text
        return TextWidth.cutInside(TerminalText.escaped(HeapText.readable(ends)), to: longest)
    }

    /// An object with its id in a line, and its size at the line's end. What must be cut is the name, never the id.
    /// - Parameter edge: how it is referred to; empty for nothing.
    static func line(_ object: HeapObject, edge text: String = "", indent: String, width: Int) -> String {
        let size = Printable.bytes(object.retainedSize)
        let id = " @\(object.id)"
        let room = max(12, width - indent.count - id.count - size.count - 2)
        var edge = text.isEmpty ? "" : edge(text, longest: 32) + "  "
        var name = self.object(object, longest: 40)
        if TextWidth.of(edge) + TextWidth.of(name) > room {
            // Each gets half, and what the other does not need.
            let longest = max(room - TextWidth.of(edge), edge.isEmpty ? room : room / 2)
            name = self.object(object, longest: min(40, longest))
            let left = room - TextWidth.of(name) - 2
            if !edge.isEmpty { edge = self.edge(text, longest: max(3, min(32, left))) + "  " }
        }
        let start = indent + edge + name + id
        return start + String(repeating: " ", count: max(2, width - TextWidth.of(start) - size.count)) + size
    }

    /// An object by its class; strings by their text, and functions by their names.
    static func object(_ object: HeapObject, longest: Int = 60) -> String {
        switch object.type {
        case "string", "concatenated string", "sliced string": "\"" + name(object.name, longest: longest - 2) + "\""
        case "closure": function(object, longest: longest)
        case "synthetic": object.name.isEmpty ? "(root)" : name(object.name, longest: longest)
        case "hidden" where object.isProxy: "Proxy"
        case "array", "hidden", "code": name(object.name.isEmpty ? object.class : object.name, longest: longest)
        // Of a plain object, its properties tell more than that it is one.
        case "object" where object.class == "Object": name(object.name, longest: longest)
        default: name(object.class, longest: longest)
        }
    }

    /// `function onPrice (shop.js:21)`; the place is left out where there is no room for it.
    private static func function(_ object: HeapObject, longest: Int) -> String {
        let place = object.place.map { " (\(line(of: $0)))" } ?? ""
        let word = object.name.isEmpty ? "function" : "function "
        let room = longest - TextWidth.of(word) - TextWidth.of(place)
        if !place.isEmpty, room >= min(12, TextWidth.of(name(object.name))) {
            return word + (object.name.isEmpty ? "" : name(object.name, longest: room)) + place
        }
        return word + (object.name.isEmpty ? "" : name(object.name, longest: longest - 9))
    }

    /// `shop.js:21`, as editors count lines: from 1.
    static func line(of place: CodePlace) -> String {
        let script = place.script.flatMap { $0.split(separator: "/").last.map(String.init) }
        return (script.map { name($0, longest: 40) } ?? "script \(place.location.scriptID)")
            + ":\(UInt64(place.location.line) + 1)"
    }

    /// A string of the heap in quotes, with an ellipsis where it goes on.
    static func quoted(_ text: String, isCut: Bool, longest: Int = 60) -> String {
        let shown = name(text, longest: longest)
        return "\"" + shown + (isCut && !shown.hasSuffix("…") ? "…" : "") + "\""
    }

    /// Where a function stands, as editors count: from 1. With the end of the script's name, which tells most.
    static func place(_ place: CodePlace?, longest: Int = 40) -> String {
        guard let place else { return "" }
        let location = place.location
        let end = ":\(UInt64(location.line) + 1):\(UInt64(location.column) + 1)"
        let script = place.script.flatMap { $0.isEmpty ? nil : $0 } ?? "script \(location.scriptID)"
        let escaped = TerminalText.escaped(HeapText.readable(script))
        let room = max(8, longest - end.count)
        let cut = TextWidth.of(escaped) > room ? "…" + String(escaped.suffix(room - 1)) : escaped
        return cut + end
    }

    /// A path as an expression: `global.cache[3]`. It begins where a person can begin to look: `sessions in server.js`, and then
    /// what leads on from there.
    static func expression(_ path: RetainingPath) -> String {
        let (start, rest) = beginning(of: path)
        return start + FoldedSteps.text(rest, cycle: path.cycle) { edge($0, longest: 40) }
    }

    /// `shop.js`, of a path or a URL.
    static func fileName(_ script: String) -> String {
        name(script.split(separator: "/").last.map(String.init) ?? script, longest: 40)
    }

    private static func beginning(of path: RetainingPath) -> (String, ArraySlice<RetainingPath.Step>) {
        let steps = path.steps
        guard let first = steps.first else { return ("", []) }
        if let variable = path.variable {
            let rest = steps[(variable.step + 1)...]
            let (variableName, fileName) = (name(variable.name, longest: 40), fileName(variable.script))
            let text = variable.isExport ? "\(fileName) export \(variableName)" : "\(variableName) in \(fileName)"
            return (rest.isEmpty ? text : text + " ", rest)
        }
        if let place = path.globalStep, let name = path.globalName { return (name, steps[(place + 1)...]) }
        // Of V8's roots the last one says most: `(Stack roots)`, not the numbers that lead to it.
        let roots = steps.prefix { $0.object.type == "synthetic" }
        if roots.count > 1, let root = roots.last {
            return (object(root.object, longest: 40), steps.dropFirst(roots.count))
        }
        return (object(first.object, longest: 30), steps.dropFirst())
    }

    /// That in lines of a width.
    static func lines(_ path: RetainingPath, indent: String, width: Int) -> [String] {
        TextWrap.lines(expression(path), width: max(20, width - indent.count), breaking: .beforeSteps)
            .map { indent + $0 }
    }

    static func percent(_ share: Double) -> String {
        share > 0 && share < 0.005 ? "<1 %" : "\(Int((min(max(share, 0), 1) * 100).rounded())) %"
    }

    /// A path, one line a step, from the root down.
    static func path(_ path: RetainingPath, indent: String, width: Int) -> [String] {
        var lines: [String] = []
        for step in path.steps {
            lines.append(line(step.object, edge: step.edge ?? "", indent: indent, width: width))
            if let omitted = step.omitted { lines.append("\(indent)… \(Printable.count(omitted)) more steps …") }
        }
        return lines
    }
}
