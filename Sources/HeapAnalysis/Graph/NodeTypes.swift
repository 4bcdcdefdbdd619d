import HeapSnapshot

/// The codes of the node types that DevTools treats in ways of their own. `NodeTypeCodes.none` where a document does not have one.
struct NodeTypes: Sendable {
    let hidden, array, string, object, code, closure, regexp, number, native, synthetic: UInt8
    let consString, slicedString: UInt8

    init(_ codes: NodeTypeCodes) {
        hidden = codes.code(named: "hidden")
        array = codes.code(named: "array")
        string = codes.code(named: "string")
        object = codes.code(named: "object")
        code = codes.code(named: "code")
        closure = codes.code(named: "closure")
        regexp = codes.code(named: "regexp")
        number = codes.code(named: "number")
        native = codes.code(named: "native")
        synthetic = codes.code(named: "synthetic")
        consString = codes.code(named: "concatenated string")
        slicedString = codes.code(named: "sliced string")
    }

    /// Whether it is one of the types that strings have.
    @inline(__always)
    func isString(_ type: UInt8) -> Bool { type == string || type == consString || type == slicedString }
}
