/// A number with a unit, as people write them on a command line: `1.5G`, `10s`.
enum Quantity {
    /// - Returns: a number that is not negative, and what follows it without a space; nil where there is none.
    static func split(_ text: String) -> (number: Double, unit: String)? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard digits.first?.isNumber == true, digits.last?.isNumber == true, let number = Double(digits) else {
            return nil
        }
        return (number, String(text.dropFirst(digits.count)))
    }
}
