import ArgumentParser
import Linux

/// A user by name or number.
struct UserArgument: ExpressibleByArgument {
    let id: UInt32

    init?(argument: String) {
        guard let id = userID(argument) else { return nil }
        self.id = id
    }
}
