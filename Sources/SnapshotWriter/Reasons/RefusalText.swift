import Linux
import NodeProcess

extension Refusal {
    /// What was seen, and what to do about it: a clause.
    public var reason: String {
        switch self {
        case .excludedByNoInspector: "ruled out by --no-inspector"
        case .excludedByNoPtrace: "ruled out by --no-ptrace"
        case .excludedByMethod(let method): "ruled out by --method \(method.rawValue)"
        case .excludedByThread: "ruled out by --thread: worker threads are reached by a forked copy alone"
        case .excludedByDumpMemoryMax:
            "ruled out by --dump-memory-max, which nothing but a forked copy can be held to"
        case .excludedBySignal: "ruled out by --signal"

        case .denoByInspectorAlone: "Deno can be dumped through its inspector alone"
        case .denoInspectorClosed: "its inspector is not open; start Deno with --inspect"
        case .noInspectorAmongSockets: "none of its listening sockets is an inspector's; start Deno with --inspect"

        case .traced(let tracer): Self.traced(by: tracer)
        case .frozen:
            "its cgroup is frozen (docker pause, systemctl freeze), so it answers nothing; thaw it and try again"
        case .stopped:
            "the process is stopped, by job control or a debugger, or frozen (docker pause), and answers nothing; let it go on "
                + "(kill -CONT) and try again"

        case .networkClosed(.closed(let refusal)):
            "its inspector could not be reached, and SIGUSR1 was not sent: " + refusal.message
        case .networkClosed(.noLoopback(let pid)):
            "the loopback interface of its network namespace is down, so that its inspector could not be reached, and SIGUSR1 was "
                + "not sent; bring it up, as root: nsenter -n -t \(pid) ip link set lo up"
        case .portHeld(let port, let holder):
            "port \(port), where the process would open its inspector, is held by \(holder), and "
                + "SIGUSR1 was not sent; close that inspector, or start the process with --inspect-port=0"
        case .sigusr1Disabled:
            "SIGUSR1 is switched off by --disable-sigusr1, and no inspector is open; start the process with "
                + "--inspect, or without that option"
        case .inspectorForbidden(let option, let canBeAllowed):
            "the permission model (\(option)) switches the inspector off, and none is open"
                + (canBeAllowed ? "; start it with --allow-inspector as well, where this Node has it" : "")
        case .inspectorAddressHidden:
            "--inspect-publish-uid keeps the inspector's address from whoever asks for it, so SIGUSR1 was not sent; start "
                + "the process with --inspect-publish-uid=stderr,http, or without that option"
        case .sigusr1Blocked: "the process blocks SIGUSR1, so it cannot be asked to open its inspector"
        case .debuggerAwaited:
            "its program has ended, and Node waits for a debugger to disconnect: SIGUSR1 would abort it now, so it was not "
                + "sent; dump it through the debugger that is connected"
        case .sigusr1WritesSnapshot:
            "SIGUSR1 makes this process write a snapshot by itself (--heapsnapshot-signal=SIGUSR1), so it opens no "
                + "inspector; start the process with --inspect"
        case .sigusr1WritesReport:
            "SIGUSR1 makes this process write a diagnostic report (--report-on-signal --report-signal=SIGUSR1), so it "
                + "was not sent; start the process with --inspect"
        case .sigusr1NotCaught:
            "the process does not catch SIGUSR1: the signal would kill it, so it was not sent"
        case .sigusr1Handled:
            "the application has a handler of its own for SIGUSR1 (process.on), which would run and open no inspector, so "
                + "the signal was not sent; start the process with --inspect"
        case .callWouldBreak(let call):
            "the main thread is blocked in \(call), which SIGUSR1 would break off with an error (EINTR) that few programs expect, "
                + "so the signal was not sent; try again when it is free, or start the process with --inspect"
        case .neverRests:
            "its event loop has too much to do to wait even once, and SIGUSR1 can end a program on Node 18 that is in the middle of a "
                + "callback, so the signal was not sent; try again when it has less to do, or start the process with --inspect"
        case .clusterWorkerInTheWay(let worker):
            "it is the primary of a cluster, and Node passes SIGUSR1 on to its workers, of which process \(worker.pid) is in the "
                + "way: \(worker.reason)"

        case .tooFewDescriptors(let room, let needs, let pid):
            "\(room.left) of its \(room.limit) file descriptors are free, and \(needs.purpose) up to \(needs.descriptors); raise "
                + "the limit: \(Self.remedy(room, pid))"
        case .tooFewTasks(let room, let needs):
            "\(room.bound); \(needs.purpose) up to \(needs.tasks) more; raise the limit: \(room.remedy)"
        case .tooLittleAddressSpace(let limit, let left, let needs, let pid):
            "\(limit.rawValue) leaves it \(ByteText.text(left)), and \(needs.purpose) up to "
                + "\(ByteText.text(needs.addressSpace)); raise the limit: prlimit --\(limit.option)=unlimited --pid \(pid)"

        case .openingFailed(let line): "\(Self.unopened); its standard error says: \(TerminalText.escaped(line))"
        case .portHeldAfterSignal(let port, let holder): "\(Self.unopened), and port \(port) is held by \(holder)"
        case .heldUpAfterSignal:
            "\(Self.unopened): a debugger, job control or a frozen cgroup holds it up; try again when it runs\(Self.guarded)"
        case .notOpened(let mayHandleSignal, let portIsKnown):
            "\(Self.unopened), although its event loop has turned: " + Self.causes(mayHandleSignal, portIsKnown)
        case .waitsForChild(let mayHandleSignal):
            "\(Self.unopened): "
                + (mayHandleSignal
                    ? "either it handles SIGUSR1 itself, and that handler has run once, or it waits" : "it waits")
                + " for a child process (execSync); try again when that has ended\(Self.guarded)"
        case .busyAfterSignal(let call):
            "\(Self.unopened): "
                + (call.map { "its main thread is blocked in \($0)" } ?? "its main thread is busy in native code")
                + "; try again when it is free\(Self.guarded)"

        case .agentNotBuilt: "this heapdump was built without its agent; build it with make"
        case .addonsForbidden: "--no-addons keeps the process from loading the agent"
        case .addonsForbiddenByPermission(let option):
            "the permission model (\(option)) keeps the process from loading the agent; start it with --allow-addons as well"
        case .noPlaceForAgent(let problems): "the process can load the agent from nowhere: \(problems)"
        case .agentRefusedBefore(let reason):
            "it did not load the agent at an earlier try: \(reason); --method fork tries again"
        case .agentRefused(let problems): "the agent cannot be loaded into it: \(problems)"
        case .agentDoesNotWork(let reason): "the agent does not work in it: \(reason)"
        case .nodeTooOldToFork(let major):
            "a forked copy of Node \(major) cannot take a snapshot; Node \(Agent.oldestNode) and newer can"
        case .noControlGroup:
            "--dump-memory-max needs a control group of heapdump's own, which none may be made here: run heapdump as root"
        case .noProc: "it sees no /proc in its container, which a fork needs; mount one there"
        case .forkRefused(let step, let errno):
            "it cannot be forked: \(step.isEmpty ? "" : step + ": ")\(errno.map(errnoText) ?? "no reason given")"
        case .copyOutOfReach(let reason): "its forked copy cannot be reached: \(reason)"
        case .tooManyWorkers(let most): "it tells of more than \(most) worker threads"
        case .workersOutOfReach(let reason): "its worker threads cannot be reached: \(reason)"
        case .noSuchWorker(let wanted, let known):
            "it has no worker thread \(wanted)"
                + (known.isEmpty
                    ? ", nor any other"
                    : "; its worker threads are \(known.map(String.init).joined(separator: ", "))")

        case .ptraceUnsupported(let reason): "ptrace does not work on it: \(reason)"
        case .ptraceForbidden(let remedy): "the kernel does not let heapdump trace it: \(remedy)"
        case .noSafePoint(let place, let seconds):
            "for \(ByteText.tenths(seconds)) s it was never where it could be forked: its thread was \(TerminalText.escaped(place)); try again, or wait longer "
                + "with --wait"

        case .noSignal(let titleHidesOptions, let catchesSIGUSR2):
            (titleHidesOptions
                ? "its title hides its options, and it has no heapdump add-on loaded"
                : "it was not started with --heapsnapshot-signal, and has no heapdump add-on loaded")
                + (catchesSIGUSR2
                    ? "; it catches SIGUSR2, which proves nothing: if it takes a snapshot then, say so with --signal SIGUSR2"
                    : "")
        case .addonSignalOff(let path):
            "it has loaded \(TerminalText.escaped(path)), whose signal NODE_HEAPDUMP_OPTIONS=nosignal switched off"
        case .signalNeverSent(let signal):
            "\(SignalName.text(signal)) is never sent: Node catches it for purposes of its own, or the kernel sends it for "
                + "faults, and nothing tells that from a handler that dumps"
        case .signalBlocked(let signal): "it blocks \(SignalName.text(signal))"
        case .signalIgnored(let signal): "it ignores \(SignalName.text(signal))"
        case .signalNotCaught(let signal):
            "it does not catch \(SignalName.text(signal)): the signal would kill it, so it is not sent"
        case .signalNoLongerCaught(let signal):
            "it no longer catches \(SignalName.text(signal)), so it was not sent"
        case .signalWritesReport(let signal):
            "\(SignalName.text(signal)) makes this process write a diagnostic report too (--report-on-signal), so it is not sent"
        case .signalOpensInspector:
            "SIGUSR1 opens the inspector unless the application handles it, and nothing tells which: have it dump on another signal"
        case .callWouldBreakBySignal(let call):
            "its main thread is blocked in \(call), which a signal would break off with an error (EINTR); try again when it is free"
        case .writingForbidden:
            "the permission model (--permission) does not let it write everywhere (--allow-fs-write=*)" + Self.unsent
        case .placeHidden:
            "its title hides whether --diagnostic-dir or --permission was given, and so where it writes" + Self.unsent
                + ". If you know that it can write, name the signal with --signal"
        case .placeMissing(let path):
            "\(TerminalText.escaped(path)), where it would write the snapshot, does not exist" + Self.unsent
        case .placeRemoved(let path):
            "its working directory \(TerminalText.escaped(path)), where it would write the snapshot, was removed"
                + Self.unsent
        case .placeNotWritable(let path, let errno):
            "it cannot write to \(TerminalText.escaped(path)): \(errnoText(errno))" + Self.unsent
        case .placeTooFull(let path, let free, let needed):
            "\(TerminalText.escaped(path)), where it would write the snapshot, has \(free >> 20) MiB free, and up to "
                + "\(needed >> 20) MiB may be needed" + Self.unsent
        case .filesTooLimited(let limit, let needed):
            "its files are limited to \(limit) bytes (ulimit -f), and the snapshot may need up to \(needed >> 20) MiB"
                + Self.unsent
        case .noDescriptorForFile(let open, let limit):
            "it has \(open) of the \(limit) files open that it may have" + Self.unsent
        case .nothingAppeared(let signal):
            "no snapshot appeared after \(SignalName.text(signal)) although its event loop is idle; its standard error may say why"
        case .strangerAppeared(let file, let signal):
            "\(file) appeared after \(SignalName.text(signal)), and nothing proves that this process wrote it: it was left there"

        case .pauseTooLong(let seconds, let limit): PauseLimit.refusal(seconds: seconds, limit: limit)
        case .memoryTooTight(let reason): reason
        case .failed(_, let message): message
        }
    }

    private static let unopened = "it opened no inspector after SIGUSR1"
    private static let guarded = "; until then a guardian process waits, to close the inspector should it open late"
    private static let unsent = "; Node may end where it cannot write the snapshot, so the signal is not sent"

    private static func traced(by tracer: Tracer) -> String {
        let name = TerminalText.escaped(tracer.name)
        let action =
            switch tracer.name {
            case "gdb": "type `detach` in it"
            case "lldb", "lldb-server": "type `process detach` in it"
            default: "end it, or have it detach"
            }
        return "\(name), process \(tracer.pid), traces it, and would stop it at a signal; \(action) and try again"
    }

    private static func causes(_ mayHandleSignal: Bool, _ portIsKnown: Bool) -> String {
        let taken = portIsKnown ? "" : ", for example as another program has the port that its inspector had before"
        let failed =
            "Node could not open it\(taken), and its standard error says why (\"Starting inspector on … failed\")"
        if !mayHandleSignal { return failed }
        return
            "either the application handles SIGUSR1 itself, and that handler has run once, or \(failed); the signal was not "
            + "repeated. Start the process with --inspect"
    }

    private static func remedy(_ room: DescriptorRoom, _ pid: Int32) -> String {
        let wanted = room.limit + 256
        // With a colon at its end the hard limit stays as it is.
        let mark = room.hardLimit.map { wanted <= $0 } ?? true ? ":" : ""
        return "prlimit --nofile=\(wanted)\(mark) --pid \(pid)"
    }
}

extension Refusal.AddressLimit {
    /// Of prlimit(1).
    fileprivate var option: String {
        switch self {
        case .addressSpace: "as"
        case .data: "data"
        }
    }
}

extension DumpNeeds {
    /// Continues "and".
    fileprivate var purpose: String {
        switch (opensInspector, forks) {
        case (true, true): "opening its inspector and forking it takes"
        case (true, false): "opening its inspector takes"
        case (false, true): "forking it takes"
        case (false, false): "a dump takes"
        }
    }
}
