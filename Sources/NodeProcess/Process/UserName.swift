import Glibc
import SystemPackage

/// The user's name as /etc/passwd has it; nil where it has none, as for the users of a directory service.
///
/// Not getpwuid(3), which loads libraries that the system's administrator has chosen (nsswitch.conf): heapdump is one file that
/// needs none, and in such a program that call can abort.
public func userName(_ user: UInt32) -> String? {
    userName(user, in: "/etc/passwd")
}

func userName(_ user: UInt32, in path: String) -> String? {
    guard let file = try? Descriptor(openingRegularFile: path) else { return nil }
    var name: String?
    var splitter = LineSplitter()
    let look = { (line: UnsafeRawBufferPointer) -> Bool in
        // name:password:uid:gid:comment:home:shell
        let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, fields[0].first != UInt8(ascii: "#"),
            String(decoding: fields[2], as: UTF8.self) == String(user)
        else { return true }
        name = String(decoding: fields[0], as: UTF8.self)
        return false
    }
    var goesOn = true
    try? file.forEachChunk { chunk in
        goesOn = splitter.feed(chunk, look)
        return goesOn
    }
    if goesOn { splitter.finish(look) }
    return name
}
