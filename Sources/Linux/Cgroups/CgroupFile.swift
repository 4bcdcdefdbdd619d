import CLinux
import Glibc
package import SystemPackage

/// A small file of a control group, or of the kernel's own under /proc: a number, `max`, or lines of text.
package struct CgroupFile {
    package let exists: Bool
    package let text: String

    package init(_ path: String) {
        guard let file = try? Self.open(path), let bytes = try? file.bytes(upTo: 64 << 10) else {
            exists = false
            text = ""
            return
        }
        exists = true
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// - Returns: nil where it is no regular file.
    package static func open(_ path: String) throws(Errno) -> Descriptor? {
        guard let place = ForeignPlace(path) else { return try Descriptor(openingRegularFile: path) }
        return try place.open()
    }

    package var number: UInt64? { UInt64(text.prefix { $0 != "\n" }) }

    /// nil where there is no limit: `max`, or a number that no machine has.
    package var limit: UInt64? { number.flatMap { $0 >= Self.unlimited ? nil : $0 } }

    /// The first version writes the largest number of whole pages that a signed 64-bit number holds.
    private static let unlimited: UInt64 = 1 << 60
}

/// A place below a process's own root, where it may have put anything: links to files of ours, FIFOs, files that look like a
/// control group's.
private struct ForeignPlace {
    /// /proc/PID/root.
    let root: Substring
    let rest: Substring
    /// Of a recorded tree, whose file system is any.
    let isRecorded: Bool

    init?(_ path: String) {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let index = components.firstIndex(of: "root"), index >= 2, components[index - 2] == "proc",
            Int32(components[index - 1]) != nil
        else { return nil }
        root = path[..<components[index].endIndex]
        rest = path[components[index].endIndex...]
        isRecorded = index != 3
    }

    func open() throws(Errno) -> Descriptor? {
        let directory = try Descriptor(opening: String(root), CLINUX_O_PATH | O_DIRECTORY)
        let place = try Descriptor(openingInRoot: directory, String(rest), CLINUX_O_PATH | O_NOFOLLOW)
        guard isRecorded || Self.fileSystems.contains(clinux_file_system_type(place.raw)) else { return nil }
        return try Descriptor(openingRegularFile: place)
    }

    /// CGROUP_SUPER_MAGIC and CGROUP2_SUPER_MAGIC of linux/magic.h.
    private static let fileSystems: Set<UInt32> = [0x27_E0EB, 0x6367_7270]
}
