import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// The plan without a process: every combination of what is asked for and what is seen.
@Suite struct PlanTests {
    /// A plain Node: it catches SIGINT, SIGUSR1 and SIGTERM, and waits for events.
    func plain(_ arguments: String..., change: (inout TargetFacts) -> Void = { _ in }) -> TargetFacts {
        var facts = TargetFacts()
        facts.version = NodeVersion("22.20.0")
        facts.caught = [SignalSet(signal: SIGINT), SignalSet(signal: SIGUSR1), SignalSet(signal: SIGTERM)]
        let arguments = ["node"] + arguments + ["server.js"]
        facts.inspector.hints = InspectorHints(arguments: arguments, nodeOptions: [])
        facts.signal.hints = SignalDumpHints(arguments: arguments, nodeOptions: [])
        facts.signal.workingDirectory = DirectoryFacts(path: "/srv/app", freeBytes: 10 << 30)
        facts.anonymousBytes = 100 << 20
        change(&facts)
        return facts
    }

    /// Without ptrace, which works on most of what these tests are about: see `PtracePlanTests`.
    func plan(_ facts: TargetFacts, change: (inout SnapshotRequest) -> Void = { _ in }) throws -> Plan {
        var request = SnapshotRequest(pid: 1, output: try OutputPattern(nil))
        request.allowsPtrace = false
        change(&request)
        return Plan(request, facts)
    }

    func refusal(_ plan: Plan, of method: SnapshotRequest.Method) throws -> String {
        #expect(!plan.steps.contains { $0.method == method })
        return try #require(plan.refusals.first { $0.method == method }).reason
    }

    func signal(_ plan: Plan) -> DumpSignal? {
        plan.steps.lazy.compactMap(\.grant.signal).first
    }

    let dumps = SignalSet(signal: SIGUSR2)

    // The order

    @Test func everyMethodIsEitherTakenOrRefused() throws {
        for facts in [plain(), plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }] {
            for method in SnapshotRequest.Method.allCases {
                for allowsInspector in [true, false] {
                    for named in [nil, SIGUSR2, SIGHUP] {
                        let plan = try plan(facts) {
                            $0.method = method
                            $0.allowsInspector = allowsInspector
                            $0.signal = named
                        }
                        let all = plan.steps.map(\.method) + plan.refusals.map(\.method)
                        #expect(all.count == 4 && Set(all) == [.fork, .ptrace, .inspector, .signal])
                        #expect(plan.steps.allSatisfy { !$0.reason.isEmpty })
                        #expect(plan.refusals.allSatisfy { !$0.reason.isEmpty })
                    }
                }
            }
        }
    }

    @Test func theForkGoesBeforeTheInspectorAndTheSignal() throws {
        let plan = try plan(plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) })
        #expect(plan.steps.map(\.method) == [.fork, .inspector, .signal])
        #expect(plan.refusals.map(\.method) == [.ptrace])
    }

    @Test func aPlainProcessHasNoDumpSignal() throws {
        let plan = try plan(plain())
        #expect(plan.steps.map(\.method) == [.fork, .inspector])
        #expect(plan.steps.allSatisfy { $0.reason.contains("SIGUSR1") })
        #expect(try refusal(plan, of: .signal).contains("--heapsnapshot-signal"))
    }

    @Test func anOpenInspectorIsUsedWhateverTheSignals() throws {
        let facts = plain("--inspect", "--disable-sigusr1") {
            $0.inspector.port = 9229
            $0.caught = []
        }
        let plan = try plan(facts)
        #expect(plan.steps.map(\.method) == [.fork, .inspector])
        #expect(plan.steps.allSatisfy { $0.reason.contains("9229") })
    }

    @Test(arguments: ["--disable-sigusr1", "--permission"])
    func withoutTheInspectorTheSignalIsLeft(option: String) throws {
        let facts = plain(option, "--allow-fs-write=*", "--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }
        let plan = try plan(facts)
        #expect(plan.steps.map(\.method) == [.signal])
        for method in [SnapshotRequest.Method.fork, .inspector] {
            #expect(try refusal(plan, of: method).contains(option))
        }
    }

    @Test func optionsRuleMethodsOut() throws {
        let facts = plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }
        func expect(
            _ method: SnapshotRequest.Method, saying option: String, _ change: (inout SnapshotRequest) -> Void
        ) throws {
            let plan = try plan(facts, change: change)
            #expect(plan.steps.map(\.method) == [method])
            for other in [SnapshotRequest.Method.fork, .inspector, .signal] where other != method {
                #expect(try refusal(plan, of: other).contains(option))
            }
        }
        try expect(.signal, saying: "--no-inspector") { $0.allowsInspector = false }
        for method in [SnapshotRequest.Method.fork, .inspector, .signal] {
            try expect(method, saying: "--method \(method.rawValue)") { $0.method = method }
        }
        try expect(.signal, saying: "--signal") { $0.signal = SIGUSR2 }
    }

    @Test func aStoppedProcessIsAskedForNothing() throws {
        let plan = try plan(
            plain("--heapsnapshot-signal=SIGUSR2") {
                $0.caught.insert(dumps)
                $0.standstill.isStopped = true
                $0.inspector.port = 9229
            })
        #expect(plan.steps.isEmpty)
        for method in [SnapshotRequest.Method.fork, .inspector, .signal] {
            #expect(try refusal(plan, of: method).contains("stopped"))
        }
    }

    @Test func aBlockedMainThreadTakesTheSignalThatLibuvHandles() throws {
        let facts = plain("--heapsnapshot-signal=SIGUSR2") {
            $0.caught.insert(dumps)
            $0.inspector.callThatBreaks = "read"
        }
        let reading = try plan(facts)
        #expect(reading.steps.map(\.method) == [.signal])
        for method in [SnapshotRequest.Method.fork, .inspector] {
            #expect(try refusal(reading, of: method).contains("read"))
        }
        var sleeping = facts
        sleeping.signal.callThatBreaks = "clock_nanosleep"
        #expect(try refusal(plan(sleeping), of: .signal).contains("clock_nanosleep"))
    }

    // Which signal

    @Test func aSignalThatWritesAReportIsNotSent() throws {
        let reports = plain("--heapsnapshot-signal=SIGUSR2", "--report-on-signal") { $0.caught.insert(dumps) }
        #expect(try refusal(plan(reports), of: .signal).contains("diagnostic report"))
        let elsewhere = plain("--heapsnapshot-signal=SIGUSR2", "--report-on-signal", "--report-signal=SIGHUP") {
            $0.caught.insert(dumps)
        }
        #expect(try plan(elsewhere).steps.contains { $0.method == .signal })
    }

    @Test func theOptionIsProofWhereTheSignalIsCaught() throws {
        let caught = try plan(plain("--heapsnapshot-signal=SIGHUP") { $0.caught.insert(SignalSet(signal: SIGHUP)) })
        let found = try #require(signal(caught))
        #expect(found.number == SIGHUP && found.dumper == .option)
        #expect(found.directories == ["/srv/app"])
        // The application has taken the handler away again.
        let gone = try plan(plain("--heapsnapshot-signal=SIGHUP"))
        #expect(try refusal(gone, of: .signal).contains("would kill it"))
    }

    @Test func theAddonIsProofWhereTheSignalIsCaught() throws {
        let addon = HeapdumpAddon(path: "/srv/node_modules/heapdump/build/Release/addon.node", signalIsOff: false)
        let found = try plan(
            plain {
                $0.signal.addon = addon
                $0.caught.insert(dumps)
            })
        #expect(signal(found)?.dumper == .addon(path: addon.path))
        #expect(signal(found)?.number == SIGUSR2)
        #expect(try refusal(plan(plain { $0.signal.addon = addon }), of: .signal).contains("would kill it"))
        let off = try plan(
            plain {
                $0.signal.addon = HeapdumpAddon(path: addon.path, signalIsOff: true)
                $0.caught.insert(dumps)
            })
        #expect(try refusal(off, of: .signal).contains("NODE_HEAPDUMP_OPTIONS"))
    }

    @Test func aCaughtSignalAloneProvesNothing() throws {
        let plan = try plan(plain { $0.caught.insert(dumps) })
        let reason = try refusal(plan, of: .signal)
        #expect(reason.contains("proves nothing") && reason.contains("--signal SIGUSR2"))
    }

    @Test func theUserMayNameASignalThatIsCaught() throws {
        let caught = try plan(plain { $0.caught.insert(dumps) }) { $0.signal = SIGUSR2 }
        #expect(signal(caught)?.dumper == .application)
        let other = try plan(plain { $0.caught.insert(dumps) }) { $0.signal = SIGHUP }
        #expect(try refusal(other, of: .signal).contains("SIGHUP: the signal would kill it"))
        let ignored = try plan(plain { $0.ignored.insert(SignalSet(signal: SIGHUP)) }) { $0.signal = SIGHUP }
        #expect(try refusal(ignored, of: .signal).contains("ignores SIGHUP"))
        let blocked = try plan(
            plain {
                $0.caught.insert(dumps)
                $0.blocked.insert(dumps)
            }
        ) { $0.signal = SIGUSR2 }
        #expect(try refusal(blocked, of: .signal).contains("blocks SIGUSR2"))
        // The signal that is proven stays proven when it is named.
        let proven = try plan(plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(dumps) }) {
            $0.signal = SIGUSR2
        }
        #expect(signal(proven)?.dumper == .option)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGSEGV, SIGKILL, SIGSTOP, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS])
    func someSignalsAreNeverSent(number: Int32) throws {
        let all = SignalSet(rawValue: .max)
        let named = try plan(plain { $0.caught = all }) { $0.signal = number }
        #expect(try refusal(named, of: .signal).contains("never sent"))
        let option = try plan(plain("--heapsnapshot-signal=\(SignalName.text(number))") { $0.caught = all })
        #expect(try refusal(option, of: .signal).contains("never sent"))
    }

    @Test func theInspectorsSignalIsNoDumpSignalUnlessProven() throws {
        let plainly = try plan(plain()) { $0.signal = SIGUSR1 }
        #expect(try refusal(plainly, of: .signal).contains("SIGUSR1"))
        let proven = try plan(plain("--heapsnapshot-signal=SIGUSR1"))
        #expect(signal(proven)?.number == SIGUSR1)
        #expect(try refusal(proven, of: .inspector).contains("--heapsnapshot-signal=SIGUSR1"))
        // Node leaves it alone then: who catches it is the application.
        let own = try plan(plain("--disable-sigusr1")) { $0.signal = SIGUSR1 }
        #expect(signal(own)?.dumper == .application)
    }

    @Test func aTitleHidesTheOptions() throws {
        let hidden = try plan(plain { $0.argumentsAreOverwritten = true })
        #expect(try refusal(hidden, of: .signal).contains("title"))
        // What cannot be read is no reason against the others: should the options be in their way, Node says so.
        #expect(hidden.steps.map(\.method) == [.fork, .inspector])
        // NODE_OPTIONS shows the signal, but not where the snapshot goes.
        let facts = plain("--heapsnapshot-signal=SIGUSR2") {
            $0.caught.insert(dumps)
            $0.argumentsAreOverwritten = true
        }
        #expect(try refusal(plan(facts), of: .signal).contains("--diagnostic-dir"))
        #expect(try signal(plan(facts) { $0.signal = SIGUSR2 })?.dumper == .application)
        // Before 18 there is no such directory.
        var old = facts
        old.version = NodeVersion("16.15.1")
        #expect(try signal(plan(old) { $0.maxPause = nil })?.dumper == .option)
    }

    @Test func thePermissionModelMayForbidTheFile() throws {
        func plan(_ options: String..., named: Int32? = nil) throws -> Plan {
            var facts = plain { $0.caught.insert(dumps) }
            let arguments = ["node", "--permission", "--heapsnapshot-signal=SIGUSR2"] + options + ["server.js"]
            facts.signal.hints = SignalDumpHints(arguments: arguments, nodeOptions: [])
            facts.inspector.hints = InspectorHints(arguments: arguments, nodeOptions: [])
            return try self.plan(facts) { $0.signal = named }
        }
        #expect(try refusal(plan(), of: .signal).contains("--permission"))
        #expect(try refusal(plan("--allow-fs-write=/srv/app"), of: .signal).contains("--allow-fs-write=*"))
        #expect(try signal(plan("--allow-fs-write=*"))?.dumper == .option)
        // Its own handler, of another signal, writes where it may, or nowhere.
        var facts = plain("--permission") { $0.caught.insert(dumps) }
        #expect(try refusal(self.plan(facts) { $0.signal = SIGUSR2 }, of: .signal).contains("--permission"))
        facts.signal.hints.allowedWrites = ["/srv/app"]
        #expect(try signal(self.plan(facts) { $0.signal = SIGUSR2 })?.dumper == .application)
    }

    // Where it writes

    @Test(arguments: [
        (DirectoryFacts.Problem.missing, "does not exist"), (.deleted, "was removed"),
        (.notWritable(errno: EACCES), "Permission denied"), (.notWritable(errno: EROFS), "Read-only"),
    ])
    func aDirectoryThatCannotBeWrittenToEndsNode(problem: DirectoryFacts.Problem, said: String) throws {
        let plan = try plan(
            plain("--heapsnapshot-signal=SIGUSR2") {
                $0.caught.insert(dumps)
                $0.signal.workingDirectory = DirectoryFacts(path: "/srv/app", problem: problem)
            })
        let reason = try refusal(plan, of: .signal)
        #expect(reason.contains("/srv/app") && reason.contains(said) && reason.contains("not sent"))
    }

    @Test func tooLittleRoomEndsNode() throws {
        func refuses(free: UInt64?) throws -> Bool {
            try plan(
                plain("--heapsnapshot-signal=SIGUSR2") {
                    $0.caught.insert(dumps)
                    $0.signal.workingDirectory = DirectoryFacts(path: "/srv/app", freeBytes: free)
                }
            ).refusals.contains { $0.method == .signal && $0.reason.contains("700 MiB") }
        }
        #expect(try refuses(free: (700 << 20) - 1))
        #expect(try !refuses(free: 700 << 20))
        // Some file systems do not say.
        #expect(try !refuses(free: nil))
    }

    @Test func limitsOfTheTargetCount() throws {
        func plan(_ limits: ResourceLimits, openFiles: Int = 20) throws -> Plan {
            try self.plan(
                plain("--heapsnapshot-signal=SIGUSR2") {
                    $0.caught.insert(dumps)
                    $0.signal.limits = limits
                    $0.signal.openFileCount = openFiles
                })
        }
        #expect(try refusal(plan(ResourceLimits(fileSize: 1 << 20)), of: .signal).contains("ulimit -f"))
        #expect(try signal(plan(ResourceLimits(fileSize: 1 << 40))) != nil)
        #expect(try refusal(plan(ResourceLimits(openFiles: 21)), of: .signal).contains("files open"))
        #expect(try signal(plan(ResourceLimits(openFiles: 1024))) != nil)
    }

    @Test(arguments: [
        ("16.15.1", ["/srv/app"]), ("18.4.0", ["/diag", "/srv/app"]), ("20.18.0", ["/diag", "/srv/app"]),
        ("22.20.0", ["/diag"]), ("24.19.0", ["/diag"]),
    ])
    func diagnosticDirectoriesByVersion(version: String, directories: [String]) throws {
        func plan(_ diagnostic: DirectoryFacts) throws -> Plan {
            let facts = plain("--heapsnapshot-signal=SIGUSR2", "--diagnostic-dir=/diag") {
                $0.caught.insert(dumps)
                $0.version = NodeVersion(version)
                $0.signal.diagnosticDirectory = diagnostic
            }
            // The old ones need more than what is allowed unless said otherwise.
            return try self.plan(facts) { $0.maxPause = nil }
        }
        #expect(try signal(plan(DirectoryFacts(path: "/diag")))?.directories == directories)
        let missing = try plan(DirectoryFacts(path: "/diag", problem: .missing))
        #expect((signal(missing) == nil) == directories.contains("/diag"))
    }

    @Test func whereAnApplicationWritesIsNotJudged() throws {
        let plan = try plan(
            plain {
                $0.caught.insert(dumps)
                $0.signal.workingDirectory = DirectoryFacts(
                    path: "/", problem: .notWritable(errno: EACCES), freeBytes: 0)
            }
        ) { $0.signal = SIGUSR2 }
        #expect(signal(plan)?.dumper == .application)
    }

    @Test func hostileNamesAreEscapedInReasons() throws {
        let plan = try plan(
            plain("--heapsnapshot-signal=SIGUSR2") {
                $0.caught.insert(dumps)
                $0.signal.workingDirectory = DirectoryFacts(path: "/a\u{1B}[2J", problem: .deleted)
            })
        #expect(try !refusal(plan, of: .signal).unicodeScalars.contains("\u{1B}"))
    }
}
