/// A line of /proc/PID/mountinfo that is about control groups; see proc(5).
package struct CgroupMount {
    package let hierarchy: MemoryGroup.Hierarchy
    private let options: [Substring]
    /// Which part of the hierarchy is mounted.
    package let root: String
    package let point: String

    package init?(_ line: Substring) {
        let fields = line.split(separator: " ")
        guard let separator = fields.firstIndex(of: "-"), separator >= 5, fields.count > separator + 3 else {
            return nil
        }
        switch fields[separator + 1] {
        case "cgroup": hierarchy = .v1
        case "cgroup2": hierarchy = .v2
        default: return nil
        }
        options = fields[separator + 3].split(separator: ",")
        root = Self.unescaped(fields[3])
        point = Self.unescaped(fields[4])
    }

    /// Of the first version, where each hierarchy has controllers of its own.
    package func has(_ controller: String) -> Bool { options.contains(Substring(controller)) }

    /// What follows the mount point on the way to a group; nil where the group is outside of what is mounted.
    package func below(_ path: Substring) -> String? {
        if path.split(separator: "/").contains("..") { return nil }
        let whole = path == "/" ? "" : String(path)
        if root == "/" { return whole }
        guard whole == root || whole.hasPrefix(root + "/") else { return nil }
        return String(whole.dropFirst(root.count))
    }

    /// Spaces and the like are written as octal numbers.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
