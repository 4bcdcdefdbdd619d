/// Why a file could not be read to its end.
public struct InputError: Error, Sendable, Equatable {
    /// What comes after the file's name.
    public let message: String
    /// Whether it can be read where there is more memory.
    public let isOfMemory: Bool

    init(_ message: String, isOfMemory: Bool = false) {
        self.message = message
        self.isOfMemory = isOfMemory
    }
}
