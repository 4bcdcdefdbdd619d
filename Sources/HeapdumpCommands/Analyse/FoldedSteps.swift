import HeapAnalysis

/// The steps of a path as text, what repeats written once: `.prev.back × 5,000`.
enum FoldedSteps {
    /// Fewer are easier to read than to count.
    private static let fewestRepeats: UInt64 = 4

    /// - Parameters:
    ///   - steps: each with how the step before refers to it.
    ///   - cycle: of how many steps those that are left out repeat the ones before; nil where they do not.
    static func text(_ steps: ArraySlice<RetainingPath.Step>, cycle: Int?, _ edge: (String) -> String) -> String {
        var text = ""
        var rest = steps
        while let first = rest.first {
            if let (length, repeats, taken) = repetition(at: rest, cycle) {
                text += rest.prefix(length).map { edge($0.edge ?? "") }.joined() + " × \(Printable.count(repeats)) "
                rest = rest.dropFirst(taken)
            } else {
                text += edge(first.edge ?? "") + (first.omitted == nil ? "" : "…")
                rest = rest.dropFirst()
            }
        }
        return text.hasSuffix(" ") ? String(text.dropLast()) : text
    }

    /// - Returns: of the shortest cycle that repeats: its steps, how often they come, and how many steps of the list that are.
    private static func repetition(
        at steps: ArraySlice<RetainingPath.Step>, _ cycle: Int?
    ) -> (length: Int, repeats: UInt64, taken: Int)? {
        for length in 1...RetainingPath.longestCycle where steps.count >= length {
            let pattern = steps.prefix(length).map(\.edge)
            var left: UInt64 = 0
            var taken = 0
            for (place, step) in steps.enumerated() {
                guard step.edge == pattern[(place + Int(left % UInt64(length))) % length],
                    step.omitted == nil || cycle == length
                else { break }
                taken += 1
                left += step.omitted ?? 0
            }
            let repeats = (UInt64(taken) + left) / UInt64(length)
            // What is left over of a cycle that has begun stands behind it.
            let over = Int((UInt64(taken) + left) % UInt64(length))
            if repeats >= fewestRepeats, over <= taken { return (length, repeats, taken - over) }
        }
        return nil
    }
}
