import Linux
import NodeProcess
import SnapshotWriter

/// A process of the list: the object that `--json` prints, documented in the README.
struct ListedProcess: Encodable {
    var pid: Int32
    /// The user's name, or the number where there is none.
    var user: String
    /// Effective.
    var uid: UInt32
    /// nil where it could not be looked at.
    var runtime: Runtime?
    /// `v20.18.0` of Node, `2.9.8` of Deno.
    var runtimeVersion: String?
    /// Left out where it is not Node.
    var nodeVersion: String?
    var libc: String?
    /// As the process itself sees it.
    var executable: String?
    /// Removed or replaced since the process was started.
    var executableDeleted: Bool?
    var rssBytes: UInt64
    var uptimeSeconds: Double
    var container: Container?
    var method: String?
    /// Whether there is memory enough for a dump.
    var memory: MethodForecast.Memory?
    /// Why there is not.
    var memoryShortage: String?
    /// What the method takes of the process beside memory; left out where nothing limits that.
    var needs: [ResourceNeed]?
    /// The arguments; the title alone where one has overwritten them.
    var command: [String]
    var name: String
    var title: String?
    var script: String?
    var threads: [Thread]?
    /// Why it could not be looked at.
    var error: String?
    /// Of `error`.
    var reasonCode: ReasonCode?

    struct Thread: Encodable {
        var tid: Int32
        var name: String
        /// The kernel's letter.
        var state: String
        var cpuSeconds: Double
    }
}

extension ListedProcess {
    init(_ target: TargetProcess, withThreads: Bool) {
        let forecast = MethodForecast(of: target)
        self.init(
            pid: target.pid, user: userName(target.uid) ?? String(target.uid), uid: target.uid,
            runtime: target.executable.runtime, runtimeVersion: target.executable.runtimeVersionText,
            nodeVersion: target.executable.version?.description, libc: target.executable.libc,
            executable: target.executable.path,
            executableDeleted: target.executable.isDeleted, rssBytes: target.residentBytes,
            uptimeSeconds: target.uptime.inHundredths, container: Container(of: target),
            method: forecast?.method, memory: forecast?.memory, memoryShortage: forecast?.shortage,
            needs: forecast.flatMap { $0.needs.isEmpty ? nil : $0.needs }, command: target.arguments, name: target.name,
            title: target.argumentsAreOverwritten ? target.arguments.first : nil, script: target.scriptPath,
            threads: withThreads ? ThreadSummary.all(of: target.pid).map { Thread($0) } : nil)
    }

    /// `nil` where nothing says that it may be Node.
    init?(_ process: RefusedProcess, withThreads: Bool) {
        guard let visible = process.visible, visible.looksLikeNode else { return nil }
        self.init(
            pid: process.pid, user: userName(visible.uid) ?? String(visible.uid), uid: visible.uid,
            rssBytes: visible.residentBytes, uptimeSeconds: visible.uptime.inHundredths,
            container: Container(of: process), command: visible.arguments, name: visible.name,
            title: visible.argumentsAreOverwritten ? visible.arguments.first : nil,
            threads: withThreads ? ThreadSummary.all(of: process.pid).map { Thread($0) } : nil,
            error: process.refusal.message, reasonCode: .notPermitted)
    }

    init(_ process: SlowProcess) {
        self.init(
            pid: process.pid, user: userName(process.uid) ?? String(process.uid), uid: process.uid,
            rssBytes: process.residentBytes, uptimeSeconds: process.uptime.inHundredths, command: [],
            name: process.name, error: process.message, reasonCode: .lookTimedOut)
    }

    /// What could not be known, where something could not.
    var isRefused: Bool { error != nil }
}

extension ListedProcess.Thread {
    init(_ thread: ThreadSummary) {
        self.init(
            tid: thread.id, name: thread.name, state: String(thread.state), cpuSeconds: thread.cpuTime.inHundredths)
    }
}

extension Duration {
    /// Seconds, as exact as the kernel counts them.
    fileprivate var inHundredths: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds / 10_000_000_000_000_000) / 100
    }
}
