import Linux
import NodeProcess

/// A signal that makes the target write a snapshot, and why that is believed.
public struct DumpSignal: Sendable, Equatable {
    public enum Dumper: Sendable, Equatable {
        /// Node's own --heapsnapshot-signal.
        case option
        /// The node-heapdump add-on.
        case addon(path: String)
        /// The application itself: the user says so.
        case application
    }

    public let number: Int32
    public let dumper: Dumper
    /// Where the snapshot may appear, as the target names it; the first is the likeliest.
    public let directories: [String]
    /// Whether a forked copy writes it, so that the process goes on meanwhile.
    public var isForking = false

    public var name: String { SignalName.text(number) }

    /// Whether it is proven to dump, and the files are its own.
    var isProven: Bool { dumper != .application }

    /// A clause for the plan.
    var evidence: String {
        switch dumper {
        case .option: "it was started with --heapsnapshot-signal=\(name), and catches the signal"
        case .addon(let path):
            "it has loaded \(TerminalText.escaped(path)), and catches \(name)"
                + (isForking ? "; a forked copy writes the snapshot while the process goes on" : "")
        case .application: "it catches \(name), and --signal says that it takes a snapshot then"
        }
    }

    /// Of `evidence`.
    var evidenceCode: ReasonCode {
        switch dumper {
        case .option: .signalOption
        case .addon: .signalOfAddon
        case .application: .signalNamed
        }
    }

    /// Whether a file of this name is such a dump's.
    /// - Parameter pid: what the target calls its own pid.
    func mayName(_ file: some StringProtocol, pid: Int32) -> Bool {
        switch dumper {
        case .option: SnapshotName.isOfNode(file, pid: pid)
        case .addon: SnapshotName.isOfAddon(file)
        case .application: file.hasSuffix(SnapshotName.suffix)
        }
    }
}

/// The names that dumpers give their files.
enum SnapshotName {
    static let suffix = ".heapsnapshot"

    /// `Heap.<yyyymmdd>.<hhmmss>.<pid>.<thread>.<number>.heapsnapshot`; handlers of signals run on thread 0, and the others
    /// are workers' own dumps.
    static func isOfNode(_ name: some StringProtocol, pid: Int32) -> Bool {
        guard name.hasSuffix(suffix) else { return false }
        let parts = name.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "Heap" && isNumber(parts[1], digits: 8...8)
            && isNumber(parts[2], digits: 6...6) && parts[3] == String(pid) && parts[4] == "0"
            && isNumber(parts[5], digits: 3...10)
    }

    /// `heapdump-<n>.<n>.heapsnapshot`
    static func isOfAddon(_ name: some StringProtocol) -> Bool {
        let prefix = "heapdump-"
        guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count > prefix.count + suffix.count else {
            return false
        }
        let parts = name.dropFirst(prefix.count).dropLast(suffix.count)
            .split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { isNumber($0, digits: 1...20) }
    }

    private static func isNumber(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Bool {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
