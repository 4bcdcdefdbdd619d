/// The numbers that a document gives the node types that DevTools treats in ways of their own. `none` where it does not have one.
struct NodeTypes: Sendable {
    static let none: UInt8 = 255

    let hidden, array, string, object, code, closure, regexp, number, native, synthetic: UInt8
    let consString, slicedString: UInt8

    init(_ names: [String]) {
        func number(of name: String) -> UInt8 { names.firstIndex(of: name).map(UInt8.init) ?? Self.none }
        hidden = number(of: "hidden")
        array = number(of: "array")
        string = number(of: "string")
        object = number(of: "object")
        code = number(of: "code")
        closure = number(of: "closure")
        regexp = number(of: "regexp")
        self.number = number(of: "number")
        native = number(of: "native")
        synthetic = number(of: "synthetic")
        consString = number(of: "concatenated string")
        slicedString = number(of: "sliced string")
    }
}
