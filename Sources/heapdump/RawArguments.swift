import Glibc

/// The command line as the kernel gave it. A file name is any bytes; Swift's strings repair what is not UTF-8, and name
/// another file then.
struct RawArguments {
    /// Two names that differ may read the same: each argument is given out once.
    private var given: Set<Int> = []

    /// - Returns: the bytes of the next argument that reads as `text`, ended by a NUL.
    mutating func next(_ text: String) -> [CChar] {
        for index in 1..<max(1, Int(CommandLine.argc)) where !given.contains(index) {
            guard let argument = CommandLine.unsafeArgv[index] else { break }
            // By the bytes of the repaired text: strings that differ in composition only compare as equal.
            if String(cString: argument).utf8.elementsEqual(text.utf8) {
                given.insert(index)
                return Array(UnsafeBufferPointer(start: argument, count: strlen(argument) + 1))
            }
        }
        return text.utf8CString.map { $0 }
    }
}
