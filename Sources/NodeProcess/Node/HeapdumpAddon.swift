import Glibc
import SystemPackage

/// The node-heapdump add-on in a process: it writes a snapshot on SIGUSR2.
public struct HeapdumpAddon: Sendable, Equatable {
    public let path: String
    /// NODE_HEAPDUMP_OPTIONS=nosignal: the add-on leaves SIGUSR2 alone.
    public let signalIsOff: Bool

    public init(path: String, signalIsOff: Bool) {
        self.path = path
        self.signalIsOff = signalIsOff
    }

    /// `nil` where the process has not loaded it.
    static func find(_ pid: Int32) throws(ProcessError) -> HeapdumpAddon? {
        let libraries = try MappedLibrary.all(in: pid) { $0.hasSuffix(".node") && $0.contains("heapdump") }
        guard let addon = libraries.first(where: { namesSnapshots($0, pid) }) else { return nil }
        return HeapdumpAddon(path: addon.path, signalIsOff: try isSignalOff(pid))
    }

    /// Whether the library holds the pattern of the names that node-heapdump gives its files: other add-ons have
    /// "heapdump" in their path as well.
    private static func namesSnapshots(_ library: MappedLibrary, _ pid: Int32) -> Bool {
        guard let file = try? library.open(pid) ?? nil, let bytes = try? file.bytes(at: 0, count: largestAddon) else {
            return false
        }
        return ["heapdump-%", ".heapsnapshot"].allSatisfy { bytes.firstIndex(of: Array($0.utf8), from: 0) != nil }
    }

    /// Built with symbols it has some 200 KB.
    private static let largestAddon = 8 << 20

    private static func isSignalOff(_ pid: Int32) throws(ProcessError) -> Bool {
        let value = try EnvironmentVariable.read("NODE_HEAPDUMP_OPTIONS", of: pid) ?? ""
        return value.split { $0 == "," || $0 == " " || $0 == "\t" }.contains("nosignal")
    }
}
