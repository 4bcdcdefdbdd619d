/// What a thread is doing, over all looks at it.
package struct Verdict: Sendable, Equatable {
    package let kind: Activity.Kind
    /// A clause; over several looks, in how many of them it was so.
    package let text: String
    /// In how many looks it was so, and how many there were.
    package let count: Int
    package let total: Int
    /// From the first look to the last, if it was so in all of several; nil otherwise: nobody has seen what was between.
    package let duration: Duration?

    /// - Parameters:
    ///   - samples: of one thread, at least one, oldest first.
    ///   - lasting: from the first to the last.
    package init(_ samples: [ThreadSample], lasting: Duration) {
        var groups: [(key: Key, count: Int, last: Int)] = []
        for (index, sample) in samples.enumerated() {
            let key = Key(sample)
            if let place = groups.firstIndex(where: { $0.key == key }) {
                groups[place].count += 1
                groups[place].last = index
            } else {
                groups.append((key, 1, index))
            }
        }
        // The latest of those that were seen most often.
        let chosen = groups.max { ($0.count, $0.last) < ($1.count, $1.last) }
        let activity = chosen.map { samples[$0.last].activity } ?? Activity(kind: .unknown, text: "not looked at")
        kind = activity.kind
        count = chosen?.count ?? 0
        total = samples.count
        duration = total > 1 && count == total ? lasting : nil
        guard total > 1 else {
            text = activity.text
            return
        }
        var seen = "\(count) of \(total) samples"
        if let duration { seen += ", \(Self.seconds(duration))" }
        let nearest = chosen.flatMap { samples[$0.last].frames.first { $0.kind == .javascript } }
        if count < total, let common = Self.commonFunction(samples),
            common.function != nearest?.function || common.file != nearest?.file
        {
            // Where it was differs from one to the next.
            let name = common.function ?? "a function without a name"
            seen += "; \(name)\(common.file.map { " (\($0))" } ?? "") is on the stack in all"
        }
        text = "\(activity.text) (\(seen))"
    }

    private struct Key: Equatable {
        let kind: Activity.Kind
        let function: String?
        let file: String?

        init(_ sample: ThreadSample) {
            kind = sample.activity.kind
            let nearest = sample.frames.first { $0.kind == .javascript }
            function = nearest?.function
            file = nearest?.file
        }
    }

    /// The innermost function of the program's own that was on the stack each time.
    private static func commonFunction(_ samples: [ThreadSample]) -> StackFrame? {
        let stacks = samples.map { sample in
            Array(sample.frames.reversed().filter { $0.kind == .javascript && !($0.file?.hasPrefix("node:") ?? false) })
        }
        guard var common = stacks.first?[...] else { return nil }
        for stack in stacks.dropFirst() {
            let same = zip(common, stack).prefix { $0.function == $1.function && $0.file == $1.file }.count
            common = common.prefix(same)
        }
        return common.last
    }

    /// To a tenth of a second, but never as none.
    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let tenths = max(1, seconds * 10 + attoseconds / 100_000_000_000_000_000)
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
