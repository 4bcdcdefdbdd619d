import Glibc
import SystemPackage

/// The user's name as /etc/passwd has it; nil where it has none, as for the users of a directory service.
///
/// Not getpwuid(3), which loads libraries that the system's administrator has chosen (nsswitch.conf): heapdump is one file that
/// needs none, and in such a program that call can abort.
public func userName(_ user: UInt32) -> String? {
    userName(user, in: "/etc/passwd")
}

/// The number of a user who is given by name or number; nil if /etc/passwd has no such name.
public func userID(_ text: String) -> UInt32? {
    userID(text, in: "/etc/passwd")
}

package func userName(_ user: UInt32, in path: String) -> String? {
    let number = String(user)
    return passwordFields(in: path) { fields in fields[2] == number ? fields[0] : nil }
}

package func userID(_ text: String, in path: String) -> UInt32? {
    // A name of digits alone is one that no system makes.
    if let number = UInt32(text), text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
        return number
    }
    return passwordFields(in: path) { fields in fields[0] == text ? UInt32(fields[2]) : nil }
}

/// - Parameter result: made of name, password, uid and the rest; nil to go on.
private func passwordFields<Result>(in path: String, _ result: ([String]) -> Result?) -> Result? {
    guard let file = try? Descriptor(openingRegularFile: path) else { return nil }
    var found: Result?
    func look(_ line: UnsafeRawBufferPointer) -> Bool {
        // name:password:uid:gid:comment:home:shell
        let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, fields[0].first != UInt8(ascii: "#") else { return true }
        found = result(fields.map { String(decoding: $0, as: UTF8.self) })
        return found == nil
    }
    var splitter = LineSplitter()
    var goesOn = true
    try? file.forEachChunk { chunk in
        goesOn = splitter.feed(chunk, look)
        return goesOn
    }
    if goesOn { splitter.finish(look) }
    return found
}
