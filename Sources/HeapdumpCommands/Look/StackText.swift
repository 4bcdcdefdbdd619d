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
            lines += TextWrap.lines("\(title(group)): \(TerminalText.escaped(group[0].verdict.text))", width: width)
            for stack in group[0].stacks where !stack.sample.frames.isEmpty {
                lines.append("")
                if group[0].stacks.count > 1 {
                    lines.append("\(indent)in \(stack.count) of \(group[0].verdict.total) samples:")
                }
                lines += frames(stack.sample)
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
        let name = names.count == 1 && !first.name.isEmpty ? ", \(TerminalText.escaped(first.name))" : ""
        let tids = list(group.map { String($0.tid) })
        if group.count > 1 { return "\(group.count) \(kind)s\(ids(group)) (tids \(tids)\(name))" }
        return "\(kind)\(ids(group)) (tid \(tids)\(name))"
    }

    /// What `worker.threadId` is in JavaScript.
    private static func ids(_ group: [LookedThread]) -> String {
        let ids = group.compactMap(\.threadID)
        return ids.count == group.count ? " " + list(ids.map(String.init)) : ""
    }

    /// The first of many.
    private static func list(_ items: [String]) -> String {
        let shown = items.prefix(longestList).joined(separator: ", ")
        return items.count > longestList ? "\(shown) and \(items.count - longestList) more" : shown
    }

    private static let longestList = 8

    private static func frames(_ sample: ThreadSample) -> [String] {
        // V8's own code between the others tells nothing, unless it is where the thread is.
        let shown = folded(
            sample.frames.enumerated().filter { $0.offset == 0 || $0.element.kind != .engine }.map(\.element))
        let names = shown.map { TerminalText.escaped(name($0.frame)) }
        let column = min(widestName, names.map { TextWidth.of($0) }.max() ?? 0)
        var lines = zip(shown, names).map { frame, name in
            let place = TerminalText.escaped(place(frame.frame)) + (frame.times > 1 ? ", \(frame.times) times" : "")
            let padding = String(repeating: " ", count: max(0, column - TextWidth.of(name)))
            return place.isEmpty ? indent + name : "\(indent)\(name)\(padding)  \(place)"
        }
        if sample.isCut {
            lines.append("\(indent)(the stack goes on: heapdump reads \(sample.frames.count) frames)")
        } else if !sample.isComplete {
            lines.append("\(indent)(the rest of the stack cannot be read)")
        }
        return lines
    }

    /// A function that has called itself again and again is shown once.
    private static func folded(_ frames: [StackFrame]) -> [(frame: StackFrame, times: Int)] {
        var folded: [(frame: StackFrame, times: Int)] = []
        for frame in frames {
            if folded.last?.frame == frame { folded[folded.count - 1].times += 1 } else { folded.append((frame, 1)) }
        }
        return folded
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
