import Glibc

/// The command line as the kernel gave it. A file name is any bytes; Swift's strings repair what is not UTF-8, and name
/// another file then.
enum RawArguments {
    /// - Returns: the bytes of the argument that reads as `text`, ended by a NUL.
    static func bytes(of text: String) -> [CChar] {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { break }
            if String(cString: argument) == text {
                return Array(UnsafeBufferPointer(start: argument, count: strlen(argument) + 1))
            }
        }
        return text.utf8CString.map { $0 }
    }
}
