/// Why a file could not be read to its end.
public struct InputError: Error, Sendable, Equatable {
    /// What comes after the file's name.
    public let message: String

    init(_ message: String) {
        self.message = message
    }
}
