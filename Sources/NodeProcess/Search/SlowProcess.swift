import Linux

/// A process that a search has given up, and what the kernel itself says of it: nothing that its owner could hold up is read.
public struct SlowProcess: Sendable {
    public enum Reason: Sendable, Equatable {
        case tookTooLong(seconds: Int)
        /// Others of its user had taken all the time that there is for these.
        case untouched
    }

    public let pid: Int32
    public let reason: Reason
    /// Effective.
    public let uid: UInt32
    public let name: String
    public let residentBytes: UInt64
    public let uptime: Duration

    /// - Returns: nil where it has ended.
    init?(_ pid: Int32, _ reason: Reason) {
        guard let status = try? ProcessStatus.read(pid), let stat = try? ProcessStat.read(pid), !stat.isEnded else {
            return nil
        }
        self.pid = pid
        self.reason = reason
        uid = status.effectiveUser
        name = status.name
        residentBytes = status.residentBytes
        uptime = max(.zero, .sinceBoot - Duration(clockTicks: stat.startTime))
    }

    /// Safe for a terminal.
    public var message: String {
        switch reason {
        case .tookTooLong(let seconds): ProcessError.tookTooLong(pid: pid, seconds: seconds).message
        case .untouched:
            "process \(pid) was not looked at: other processes of its user had taken too long; name its pid if it is meant"
        }
    }

    private static let mostNamed = 8

    /// A sentence about all that a search has given up; nil for none. Safe for a terminal.
    public static func note(_ processes: [SlowProcess]) -> String? {
        guard !processes.isEmpty else { return nil }
        let named = processes.prefix(mostNamed).map { process in
            let user = TerminalText.escaped(userName(process.uid) ?? String(process.uid))
            return "\(process.pid) (\(TerminalText.escaped(process.name)), user \(user))"
        }
        let more = processes.count - named.count
        let what = processes.count == 1 ? "process \(named[0])" : "processes \(named.joined(separator: ", "))"
        return what + (more > 0 ? " and \(more) more" : "") + " could not be looked at in time, and may be Node"
    }
}
