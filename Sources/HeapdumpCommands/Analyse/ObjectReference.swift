import ArgumentParser

/// What a command looks at: one object by its id, as DevTools writes it (`@123`), or a class by its name.
enum ObjectReference: ExpressibleByArgument {
    case id(UInt64)
    case className(String)
    /// One that begins as an id does and is none.
    case malformed(String)

    init?(argument: String) {
        if argument.hasPrefix("@") {
            self = UInt64(argument.dropFirst()).map { .id($0) } ?? .malformed(argument)
        } else {
            guard !argument.isEmpty else { return nil }
            self = .className(argument)
        }
    }

    /// - Throws: where it is neither.
    func validate() throws {
        if case .malformed(let text) = self {
            throw ValidationError("'\(text)' is no object's id: that is @ and a number, such as @1234")
        }
    }
}
