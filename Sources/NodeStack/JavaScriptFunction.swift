/// A function on the stack.
package struct JavaScriptFunction: Sendable, Equatable {
    /// Empty for one without a name.
    package var name = ""
    /// Path or URL; nil for a function of V8's own, and for text that was compiled without a name.
    package var script: String?
    /// nil if it is not known.
    package var position: Position?
    /// Whether the position is where the function is now, and not where it begins.
    package var isExact = false
    /// Of V8's own, such as Array.prototype.forEach.
    package var isBuiltin = false
    /// V8 has compiled it into the function that called it.
    package var isInlined = false
    /// The functions that V8 has compiled into this one, if nothing tells in which of them it is.
    package var mayBeIn: [String] = []

    /// From 1; columns in UTF-16 units.
    package struct Position: Sendable, Equatable {
        package let line: Int
        package let column: Int
    }
}
