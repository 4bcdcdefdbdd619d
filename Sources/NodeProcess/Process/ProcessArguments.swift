/// A process's command line as it is now.
struct ProcessArguments: Equatable {
    /// The title alone where one has overwritten them.
    let texts: [String]
    /// `process.title` or --title has overwritten them: flags and script cannot be told from them.
    let areOverwritten: Bool

    init(_ texts: [String]) {
        // libuv writes the title over the arguments and fills what is left with zeros.
        areOverwritten = texts.count > 1 && texts.dropFirst().allSatisfy(\.isEmpty)
        self.texts = areOverwritten ? Array(texts.prefix(1)) : texts
    }

    static func read(_ pid: Int32) throws(ProcessError) -> ProcessArguments {
        ProcessArguments(try ProcFile(pid, "cmdline").strings())
    }
}
