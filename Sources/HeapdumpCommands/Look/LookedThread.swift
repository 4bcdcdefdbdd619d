import NodeStack

/// All looks at one thread, and what they come to.
struct LookedThread {
    let tid: Int32
    let kind: ThreadSample.Kind
    /// Of a worker; nil where that cannot be told.
    let threadID: Int?
    let name: String
    let verdict: Verdict
    /// Different ones, those that were seen most often first.
    let stacks: [Stack]
    /// How long it stood for a look, at most.
    let longestStop: Duration

    struct Stack {
        /// The latest look that found it.
        var sample: ThreadSample
        /// In how many looks it was found.
        var count: Int
    }

    /// - Parameters:
    ///   - samples: at least one, oldest first.
    ///   - lasting: from the first look to the last.
    init(_ samples: [ThreadSample], lasting: Duration) {
        let last = samples[samples.count - 1]
        tid = last.thread
        kind = samples.contains { $0.kind == .worker } ? .worker : last.kind
        threadID = samples.compactMap(\.threadID).last
        name = last.name
        verdict = Verdict(samples, lasting: lasting)
        longestStop = samples.map(\.stoppedFor).max() ?? .zero
        var stacks: [Stack] = []
        for sample in samples {
            if let place = stacks.firstIndex(where: { $0.sample.frames == sample.frames }) {
                stacks[place].count += 1
                stacks[place].sample = sample
            } else {
                stacks.append(Stack(sample: sample, count: 1))
            }
        }
        self.stacks = stacks.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(
            \.element)
    }
}
