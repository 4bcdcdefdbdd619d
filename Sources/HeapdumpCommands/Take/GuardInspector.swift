import ArgumentParser
import SnapshotWriter

/// Started by heapdump itself; see `GuardianDuty`.
struct GuardInspector: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard-inspector",
        abstract: "Close an inspector that a killed heapdump has opened.",
        shouldDisplay: false)

    @Option var pid: Int32
    @Option var startTime: UInt64
    @Option var userID: UInt32
    @Option var port: UInt16 = 0
    @Option var present: String = ""

    func run() {
        let inodes = present.split(separator: ",").compactMap { UInt64($0) }
        GuardianDuty.run(
            pid: pid, startTime: startTime, userID: userID, port: port == 0 ? nil : port,
            present: Set(inodes))
    }
}
