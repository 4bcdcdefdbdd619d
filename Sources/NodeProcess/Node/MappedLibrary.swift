import Linux
import SystemPackage

/// A shared library in a process's memory map.
struct MappedLibrary: Equatable {
    let path: String
    /// "start-end" as /proc/PID/map_files names it.
    let range: String

    /// The first mapping of a file whose name begins with `name`.
    static func find(_ name: String, in pid: Int32) throws(LinuxError) -> MappedLibrary? {
        try all(in: pid, atMost: 1) { path in path.split(separator: "/").last?.hasPrefix(name) ?? false }.first
    }

    /// The first mapping of each file whose path is wanted.
    static func all(
        in pid: Int32, atMost limit: Int = 64, where isWanted: (String) -> Bool
    ) throws(LinuxError) -> [MappedLibrary] {
        var found: [MappedLibrary] = []
        try ProcFile(pid, "maps").forEachLine(cap: Mapping.mostBytes) { line in
            if let library = MappedLibrary(line), isWanted(library.path),
                !found.contains(where: { $0.path == library.path })
            {
                found.append(library)
            }
            return found.count < limit
        }
        return found
    }

    /// `nil` for memory that is no file's.
    init?(_ line: UnsafeRawBufferPointer) {
        guard let mapping = Mapping(line), mapping.path.hasPrefix("/") else { return nil }
        path = mapping.path
        range = mapping.range
    }

    /// `nil` where the file cannot be reached, or is no regular file.
    func open(_ pid: Int32) -> Descriptor? { Mapping.open(path, range, in: pid) }
}
