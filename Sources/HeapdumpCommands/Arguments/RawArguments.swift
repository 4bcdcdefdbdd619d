import Glibc
import NodeProcess

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

    /// The command line with - for a file, as people would type it.
    /// - Parameter path: ended by a NUL.
    /// - Returns: nil if standard input is taken already, or the file's name is not an argument by itself.
    static func command(readingFromInput path: [CChar]) -> String? {
        let name = path.dropLast().map { UInt8(bitPattern: $0) }
        var words = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { argument in
                UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) }
            }
        }
        let input = Array("-".utf8)
        guard let place = words.firstIndex(of: name) else { return nil }
        words[place] = input
        guard words.count(where: { $0 == input }) == 1 else { return nil }
        return (["heapdump"] + words.map(ShellWord.quoted)).joined(separator: " ")
    }
}
