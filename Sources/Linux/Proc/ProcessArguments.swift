/// A process's command line as it is now.
package struct ProcessArguments: Equatable {
    /// The title alone where one has overwritten them.
    package let texts: [String]
    /// `process.title` or --title has overwritten them: flags and script cannot be told from them.
    package let areOverwritten: Bool

    package init(_ texts: [String]) {
        // libuv writes the title over the arguments and fills what is left with zeros.
        areOverwritten = texts.count > 1 && texts.dropFirst().allSatisfy(\.isEmpty)
        self.texts = areOverwritten ? Array(texts.prefix(1)) : texts
    }

    package static func read(_ pid: Int32) throws(LinuxError) -> ProcessArguments {
        ProcessArguments(try ProcFile(pid, "cmdline").strings())
    }
}
