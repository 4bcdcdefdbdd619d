import NodeProcess
import SnapshotWriter

/// A condition of `diff --fail-if` that matches, with the figures; in JSON as the README says.
struct FailedCondition: Encodable {
    let expression: String
    /// The figure in the first and in the last snapshot: objects, or bytes.
    let baseValue, value: UInt64
    let delta: Int64
    /// Of the first one's figure; nil if that was 0 and the last one's is not.
    let percent: Double?
    @Unprinted private var condition: FailCondition

    init(_ condition: FailCondition, from base: UInt64, to value: UInt64) {
        _condition = Unprinted(wrappedValue: condition)
        expression = condition.expression
        baseValue = base
        self.value = value
        delta = Int64(clamping: value) - Int64(clamping: base)
        percent = base > 0 ? Double(delta) * 100 / Double(base) : value == 0 ? 0 : nil
    }

    /// One line for people.
    var text: String { "--fail-if '\(TerminalText.escaped(expression))' matches: \(subject) \(change)" }

    private var subject: String {
        guard let className = condition.className else { return "the heap" }
        let name = HeapTextPrinter.name(className)
        switch condition.measure {
        case .count: return "the number of \(name) objects"
        case .size: return "the size of \(name) objects"
        case .retained: return "what \(name) objects retain"
        }
    }

    private var change: String {
        guard delta != 0 else { return "stayed the same: \(amount(value))" }
        return "\(delta > 0 ? "grew" : "shrank") by \(amount(delta.magnitude))\(relative), "
            + "from \(amount(baseValue)) to \(amount(value))"
    }

    private var relative: String {
        guard case .percent = condition.limit, let percent else { return "" }
        let tenths = (percent.magnitude * 10).rounded()
        return tenths < 1 ? " (less than 0.1 %)" : " (\(tenths / 10) %)"
    }

    private func amount(_ value: UInt64) -> String {
        condition.measure == .count ? Printable.count(value) : Printable.bytes(value)
    }
}
