import Glibc
import Linux
import SystemPackage

/// The node-heapdump add-on in a process, or our own, which descends from it: it writes a snapshot on SIGUSR2.
public struct HeapdumpAddon: Sendable, Equatable {
    public let path: String
    /// NODE_HEAPDUMP_OPTIONS=nosignal: the add-on leaves SIGUSR2 alone.
    public let signalIsOff: Bool
    /// Ours forks the process for it, node-heapdump stops it.
    public let forks: Bool

    public init(path: String, signalIsOff: Bool, forks: Bool = false) {
        self.path = path
        self.signalIsOff = signalIsOff
        self.forks = forks
    }

    /// `nil` where the process has not loaded it.
    static func find(_ pid: Int32) throws(LinuxError) -> HeapdumpAddon? {
        let libraries = try MappedLibrary.all(in: pid, atMost: mostAddons) {
            $0.hasSuffix(".node") && $0.contains("heapdump")
        }
        for library in libraries {
            guard let file = library.open(pid), let image = try? file.bytes(at: 0, count: largestAddon),
                namesSnapshots(image)
            else { continue }
            return HeapdumpAddon(
                path: library.path, signalIsOff: try isSignalOff(pid), forks: image.holds(ForkedChild.name))
        }
        return nil
    }

    /// Whether the library holds the pattern of the names that node-heapdump gives its files: other add-ons have
    /// "heapdump" in their path as well.
    private static func namesSnapshots(_ image: [UInt8]) -> Bool {
        image.holds("heapdump-%") && image.holds(".heapsnapshot")
    }

    /// Built with symbols it has some 200 KB.
    private static let largestAddon = 4 << 20
    /// Of such a name. A process has one, or one for each version that its modules depend on.
    private static let mostAddons = 16

    private static func isSignalOff(_ pid: Int32) throws(LinuxError) -> Bool {
        let value = try EnvironmentVariable.read("NODE_HEAPDUMP_OPTIONS", of: pid) ?? ""
        return value.split { $0 == "," || $0 == " " || $0 == "\t" }.contains("nosignal")
    }
}

extension [UInt8] {
    fileprivate func holds(_ text: String) -> Bool { firstIndex(of: Array(text.utf8), from: 0) != nil }
}
