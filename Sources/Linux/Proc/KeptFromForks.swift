/// Memory that fork(2) leaves out of the child (MADV_DONTFORK), as V8 has its heap.
package enum KeptFromForks {
    /// Of the text that /proc/PID/smaps is: 20 lines a mapping.
    private static let mostBytes = 256 << 20

    /// Private mappings of a process, by address. The kernel goes through its page tables for that: 0.05 ms a megabyte.
    package static func ranges(of pid: Int32) throws(LinuxError) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var current: Range<UInt64>?
        try ProcFile(pid, "smaps").forEachLine(cap: mostBytes) { line in
            if line.starts(with: flags) {
                let isKept = line.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(mark) }
                if isKept, let current { ranges.append(current) }
                current = nil
            } else if let mapping = Mapping(line) {
                current = mapping.addresses
            }
            return true
        }
        return ranges
    }

    private static let flags = Array("VmFlags:".utf8)
    private static let mark = Array("dc".utf8)
}
