import ArgumentParser
import SnapshotWriter

/// What a dump may take of the process, the machine and the run's time.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take no snapshot in the process itself that would stop JavaScript for longer, as estimated; or unlimited.",
            discussion: "Default: 10, and unlimited where --method names another than fork.", valueName: "time"))
    var maxPause: PauseArgument?

    @Flag(help: "Take the snapshot also where memory is too tight for it by the estimate.")
    var forceMemory = false

    @Option(
        help: ArgumentHelp(
            "What a forked copy may take: 512M, 2GiB. It runs in a control group of its own; usually needs root.",
            valueName: "size"))
    var dumpMemoryMax: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Niceness of a forked copy, up to 19 (default: 5 more than that of the process, which stays as it is).",
            valueName: "n"))
    var nice: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Give up the whole run after this time: 90, 90s, 5m.",
            discussion:
                "Default: never, but for a snapshot that takes ten times as long as is estimated, and an hour at least.",
            valueName: "time"))
    var timeout: Seconds?

    @Option(
        help: ArgumentHelp(
            "How long to wait for something temporary that is in the way; 0 ends at once, with status 75.",
            discussion: "Default: for another heapdump as long as --timeout allows, for anything else 10.",
            valueName: "time"))
    var wait: WaitingTime?

    @Option(
        help: ArgumentHelp(
            "Give up when the process sends next to nothing for this time, and is idle or uses hardly any CPU.",
            valueName: "time"))
    var stallTimeout = Seconds(120)

    func validate() throws {
        if let nice, !(-20...19).contains(nice) { throw ValidationError("--nice is between -20 and 19") }
    }

    func validate(with method: MethodOptions) throws {
        guard method.excludesFork else { return }
        if dumpMemoryMax != nil { throw ValidationError("--dump-memory-max needs --method fork, or auto") }
        if nice != nil { throw ValidationError("--nice needs --method fork, or auto") }
    }

    func fill(_ request: inout SnapshotRequest) {
        // Who names the method knows of its pause.
        if let maxPause {
            request.maxPause = maxPause.seconds
        } else if request.method != .auto || request.signal != nil {
            request.maxPause = nil
        }
        request.wait = wait.map { .seconds($0.seconds) }
        request.stallTimeout = .seconds(stallTimeout.value)
        request.forcesMemory = forceMemory
        request.copyMemoryLimit = dumpMemoryMax?.bytes
        request.copyNiceness = nice
    }
}
