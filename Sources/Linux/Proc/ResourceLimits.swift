/// The soft limits of /proc/PID/limits that a dump depends on; `nil` is unlimited.
public struct ResourceLimits: Sendable, Equatable {
    /// Bytes.
    public var fileSize: UInt64?
    public var openFiles: UInt64?
    /// The hard limit on these.
    public var openFilesAtMost: UInt64?
    /// RLIMIT_NPROC: processes and threads of its user.
    public var tasks: UInt64?
    /// RLIMIT_AS, bytes.
    public var addressSpace: UInt64?
    /// RLIMIT_DATA, bytes.
    public var data: UInt64?

    public init(fileSize: UInt64? = nil, openFiles: UInt64? = nil, openFilesAtMost: UInt64? = nil) {
        self.fileSize = fileSize
        self.openFiles = openFiles
        self.openFilesAtMost = openFilesAtMost
    }

    package static func read(_ pid: Int32) throws(LinuxError) -> ResourceLimits {
        ResourceLimits(try ProcFile(pid, "limits").text())
    }

    package init(_ text: String) {
        for line in text.split(separator: "\n") {
            if let value = Self.softLimit(line, of: "Max file size") { fileSize = UInt64(value) }
            if let value = Self.softLimit(line, of: "Max open files") { openFiles = UInt64(value) }
            if let value = Self.limits(line, of: "Max open files")?.dropFirst().first {
                openFilesAtMost = UInt64(value)
            }
            if let value = Self.softLimit(line, of: "Max processes") { tasks = UInt64(value) }
            if let value = Self.softLimit(line, of: "Max address space") { addressSpace = UInt64(value) }
            if let value = Self.softLimit(line, of: "Max data size") { data = UInt64(value) }
        }
    }

    private static func softLimit(_ line: Substring, of name: String) -> Substring? { limits(line, of: name)?.first }

    /// The soft one, the hard one, the unit.
    private static func limits(_ line: Substring, of name: String) -> [Substring]? {
        guard line.hasPrefix(name) else { return nil }
        return line.dropFirst(name.count).split(separator: " ")
    }
}
