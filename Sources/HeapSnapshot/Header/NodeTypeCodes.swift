/// The types of nodes in one byte each, for loops that compare them.
///
/// A type's code is its number in the document, as long as a byte has room for all of them. Julia's snapshots have a type for each type
/// of the program, thousands of them: there V8's own types have the numbers that V8 gave them, and all others share a code.
public struct NodeTypeCodes: Sendable {
    /// Code of a type that the document does not have.
    public static let none: UInt8 = 255
    private static let shared: UInt8 = 254

    /// By number; nil if numbers are codes.
    let table: [UInt8]?
    private let names: [String]

    /// - Parameter names: by number.
    init(_ names: [String]) {
        self.names = names
        table = names.count > Int(Self.none) ? Self.table(names) : nil
    }

    private static func table(_ names: [String]) -> [UInt8] {
        var table = [UInt8](repeating: shared, count: names.count)
        for (code, name) in OldNodeTypes.listed.enumerated() {
            if let number = names.firstIndex(of: name) { table[number] = UInt8(code) }
        }
        return table
    }

    /// - Parameter number: of a type, in the document.
    public func code(of number: Int) -> UInt8 { table?[number] ?? UInt8(truncatingIfNeeded: number) }

    /// - Parameter name: one of V8's. If the document has several types of that name, the first one counts.
    public func code(named name: String) -> UInt8 {
        names.firstIndex(of: name).map { code(of: $0) } ?? Self.none
    }
}
