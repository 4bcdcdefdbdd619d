import ArgumentParser

/// Reads `SUBJECT[.count|.size|.retained] OP VALUE[%]` from its end: a class may be called `{a, b}`, `system / Context` or even `a>b`, but
/// a value has neither spaces nor signs of comparison.
enum FailConditionParser {
    private static let signs: Set<Character> = ["<", ">", "=", "!"]
    private static let classPrefix = "class:"
    private static let heap = "heap"

    /// - Throws: `ValidationError`, which says what is wrong and what to type.
    static func parse(_ expression: String) throws -> FailCondition {
        guard let end = expression.lastIndex(where: signs.contains) else {
            throw ValidationError(
                "it compares nothing; type for example --fail-if 'Session>0' or --fail-if 'heap>10%', in quotes, "
                    + "because a shell takes > for itself")
        }
        let left = expression[...end]
        guard let (sign, comparison) = FailCondition.Comparison.signs.first(where: { left.hasSuffix($0.key) }) else {
            throw ValidationError("'!' compares nothing; type > >= < <= = or !=")
        }
        let value = trimmed(expression[expression.index(after: end)...])
        let (subject, measure) = try subject(trimmed(left.dropLast(sign.count)))
        return FailCondition(
            expression: expression, subject: subject, measure: measure, comparison: comparison,
            limit: try limit(value, of: measure, after: sign))
    }

    private static func subject(_ text: String) throws -> (FailCondition.Subject, FailCondition.Measure) {
        let measure = FailCondition.Measure.allCases.first { text.hasSuffix(".\($0.rawValue)") }
        let name = measure.map { trimmed(text.dropLast($0.rawValue.count + 1)) } ?? text
        if name == heap || (name.hasPrefix(heap + ".") && measure == nil) {
            guard name == heap, measure == nil || measure == .size else {
                throw ValidationError(
                    "the heap has a size alone: type heap>10%, or class:\(text) for a class of that name")
            }
            return (.heap, .size)
        }
        let className = name.hasPrefix(classPrefix) ? trimmed(name.dropFirst(classPrefix.count)) : name
        // A slip such as `=>` would watch a class that nothing is of, and never fail. Tags, such as `<div>`, are classes.
        if !name.hasPrefix(classPrefix), !name.hasPrefix("<"), let last = className.last, signs.contains(last) {
            throw ValidationError(
                "'\(className)' ends in a sign of comparison; type one of > >= < <= = and !=, or class:\(className) for a "
                    + "class of that name")
        }
        guard !className.isEmpty else {
            throw ValidationError("it does not say what grows; type a class or heap before it, such as 'Session>0'")
        }
        return (.className(className), measure ?? .count)
    }

    private static func limit(
        _ text: String, of measure: FailCondition.Measure, after sign: String
    ) throws -> FailCondition.Limit {
        guard !text.isEmpty else {
            throw ValidationError("a value is missing after \(sign), such as 0, 10% or 1MB")
        }
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text
        func signed(_ value: Double) -> Double { isNegative ? -value : value }
        if digits.hasSuffix("%"), let (number, unit) = Quantity.split(trimmed(digits.dropLast())), unit.isEmpty {
            return .percent(signed(number))
        }
        if measure == .count {
            guard let count = UInt32(digits) else {
                throw ValidationError(
                    "'\(text)' is no number of objects; type a whole number or a percentage, such as 100 or 10%, "
                        + "or watch .size or .retained")
            }
            return .amount(signed(Double(count)))
        }
        guard let bytes = ByteCount.bytes(digits) else {
            throw ValidationError("'\(text)' is no size; type for example 500kB, 1MB, 1.5GiB or 10%")
        }
        return .amount(signed(Double(bytes)))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        guard let first = text.firstIndex(where: { $0 != " " }), let last = text.lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return String(text[first...last])
    }
}
