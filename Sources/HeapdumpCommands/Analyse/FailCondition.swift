/// What `diff --fail-if` watches: the growth of one figure from the first snapshot to the last, and the limit it is held against.
struct FailCondition: Equatable {
    enum Subject: Equatable {
        case heap
        case className(String)
    }

    enum Measure: String, CaseIterable {
        /// Of objects.
        case count
        /// In bytes, of the objects themselves.
        case size
        /// In bytes, with all that only they hold.
        case retained
    }

    enum Comparison {
        case greater, greaterOrEqual, less, lessOrEqual, equal, different

        /// How they are typed; those that end in another one come before it.
        static let signs: KeyValuePairs<String, Comparison> = [
            ">=": .greaterOrEqual, "<=": .lessOrEqual, "==": .equal, "!=": .different, ">": .greater, "<": .less,
            "=": .equal,
        ]

        func holds(_ growth: Double, _ limit: Double) -> Bool {
            switch self {
            case .greaterOrEqual: growth >= limit
            case .lessOrEqual: growth <= limit
            case .equal: growth == limit
            case .different: growth != limit
            case .greater: growth > limit
            case .less: growth < limit
            }
        }
    }

    enum Limit: Equatable {
        /// A number of objects, or of bytes.
        case amount(Double)
        /// Relative to the first snapshot.
        case percent(Double)
    }

    /// As it was typed.
    let expression: String
    let subject: Subject
    let measure: Measure
    let comparison: Comparison
    let limit: Limit

    var className: String? {
        if case .className(let name) = subject { name } else { nil }
    }

    /// Growth from nothing to something is more than any percentage.
    /// - Parameters:
    ///   - base: the figure of the first snapshot.
    ///   - value: that of the last.
    func matches(from base: UInt64, to value: UInt64) -> Bool {
        let delta = Double(value) - Double(base)
        switch limit {
        case .amount(let amount): return comparison.holds(delta, amount)
        case .percent(let percent) where base > 0:
            // Multiplied, not divided: from 3 to 6 is 100 % without a remainder.
            return comparison.holds(delta * 100, percent * Double(base))
        case .percent(let percent): return comparison.holds(value == 0 ? 0 : .infinity, percent)
        }
    }
}
