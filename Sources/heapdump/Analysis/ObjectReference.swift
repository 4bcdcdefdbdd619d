import ArgumentParser

/// What a command looks at: one object by its id, as DevTools writes it (`@123`), or a class by its name.
enum ObjectReference: ExpressibleByArgument {
    case id(UInt64)
    case className(String)

    init?(argument: String) {
        if argument.hasPrefix("@") {
            guard let id = UInt64(argument.dropFirst()) else { return nil }
            self = .id(id)
        } else {
            guard !argument.isEmpty else { return nil }
            self = .className(argument)
        }
    }
}
