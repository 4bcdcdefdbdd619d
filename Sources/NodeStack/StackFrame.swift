/// A function on a thread's stack.
package struct StackFrame: Sendable, Equatable {
    package enum Kind: String, Sendable, Encodable {
        /// C or C++: of Node, V8, a library or an add-on.
        case native
        case javascript
        /// JavaScript that V8 brings along, such as Array.prototype.forEach.
        case builtin
        /// The machine code of a regular expression.
        case regexp
        case wasm
        /// V8's own code between the others.
        case engine
        /// Nothing tells what it is.
        case unknown
    }

    package var kind: Kind
    /// nil where nothing names it.
    package var function: String?
    /// A script's path or URL, or the executable or library that the code is in.
    package var file: String?
    /// From 1.
    package var line: Int?
    package var column: Int?
    /// Whether line and column are where the function is, and not where it begins.
    package var isExact = false
    package var isInlined = false
    /// The functions that V8 has inlined into this one, if nothing tells in which of them the thread is.
    package var mayBeIn: [String] = []
}
