import NodeProcess
import NodeStack

/// What `stack` prints for people: a verdict, then the frames it is drawn from.
enum StackText {
    private static let indent = "  "
    /// A function's name takes so much of a line, and no more.
    private static let widestName = 48

    /// - Parameter width: columns of a line.
    static func lines(_ threads: [LookedThread], javascriptError: String?, width: Int) -> [String] {
        var lines: [String] = []
        for group in groups(threads) {
            if !lines.isEmpty { lines.append("") }
            lines += TextWrap.lines("\(title(group)): \(Printable.text(group[0].verdict.text))", width: width)
            for stack in group[0].stacks where !stack.sample.frames.isEmpty {
                lines.append("")
                if group[0].stacks.count > 1 {
                    lines.append("\(indent)in \(stack.count) of \(group[0].verdict.total) samples:")
                }
                lines += frames(stack.sample, width: width)
            }
        }
        if let javascriptError { lines += [""] + TextWrap.lines("note: \(javascriptError)", width: width) }
        return lines
    }

    /// Threads with the same stacks, such as those of a pool that have nothing to do, are shown once.
    private static func groups(_ threads: [LookedThread]) -> [[LookedThread]] {
        var groups: [[LookedThread]] = []
        for thread in threads {
            let place = groups.firstIndex { group in
                group[0].kind == thread.kind && thread.kind != .main && group[0].verdict.text == thread.verdict.text
                    && group[0].stacks.map(\.sample.frames) == thread.stacks.map(\.sample.frames)
            }
            if let place { groups[place].append(thread) } else { groups.append([thread]) }
        }
        return groups
    }

    private static func title(_ group: [LookedThread]) -> String {
        let first = group[0]
        if first.kind == .main { return "main thread" }
        let kind = first.kind == .worker ? "worker thread" : "thread"
        // The kernel's names are cut at 15 characters, and older versions of Node give the process's to all.
        let names = Set(group.map(\.name))
        let name = names.count == 1 && !first.name.isEmpty ? ", \(Printable.text(first.name))" : ""
        let tids = group.map { String($0.tid) }.joined(separator: ", ")
        if group.count > 1 { return "\(group.count) \(kind)s\(ids(group)) (tids \(tids)\(name))" }
        return "\(kind)\(ids(group)) (tid \(tids)\(name))"
    }

    /// What `worker.threadId` is in JavaScript.
    private static func ids(_ group: [LookedThread]) -> String {
        let ids = group.compactMap(\.threadID)
        return ids.count == group.count ? " " + ids.map(String.init).joined(separator: ", ") : ""
    }

    private static func frames(_ sample: ThreadSample, width: Int) -> [String] {
        // V8's own code between the others tells nothing, unless it is where the thread is.
        let shown = sample.frames.enumerated().filter { $0.offset == 0 || $0.element.kind != .engine }.map(\.element)
        let names = shown.map { Printable.text(name($0)) }
        let column = min(widestName, names.map { TextWidth.of($0) }.max() ?? 0)
        var lines = zip(shown, names).map { frame, name in
            let place = Printable.text(place(frame))
            let padding = String(repeating: " ", count: max(0, column - TextWidth.of(name)))
            return place.isEmpty ? indent + name : "\(indent)\(name)\(padding)  \(place)"
        }
        if !sample.isComplete { lines.append("\(indent)(the rest of the stack cannot be read)") }
        return lines
    }

    private static func name(_ frame: StackFrame) -> String {
        switch frame.kind {
        case .regexp: "(regular expression)"
        case .wasm: frame.function ?? "(WebAssembly)"
        case .javascript, .builtin: frame.function ?? "(function without a name)"
        case .native, .engine, .unknown: frame.function ?? "(no name)"
        }
    }

    private static func place(_ frame: StackFrame) -> String {
        var place = ""
        switch frame.kind {
        case .javascript:
            place = frame.file ?? "(text without a file)"
            if let line = frame.line {
                place += frame.isExact ? ":\(line):\(frame.column ?? 1)" : ":\(line) (where it begins)"
            }
        case .builtin: place = "V8"
        case .native, .engine, .unknown: place = frame.file.map { PathText.lastComponent($0) } ?? ""
        case .regexp, .wasm: break
        }
        if !frame.mayBeIn.isEmpty { place += ", or in what is inlined there: \(frame.mayBeIn.joined(separator: ", "))" }
        return frame.isInlined ? place + ", inlined" : place
    }
}
