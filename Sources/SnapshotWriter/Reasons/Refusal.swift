public import NodeProcess

/// Why a method is not taken: what was seen. `RefusalCode.swift` has what scripts go by, `RefusalText.swift` what people read.
public enum Refusal: Error, Equatable {
    // What was asked for.
    case excludedByNoInspector
    case excludedByNoPtrace
    case excludedByMethod(SnapshotRequest.Method)
    case excludedByThread
    case excludedByDumpMemoryMax
    case excludedBySignal
    // Deno.
    case denoByInspectorAlone
    case denoInspectorClosed
    case noInspectorAmongSockets
    // A process that answers nothing.
    case traced(Tracer)
    case frozen
    case stopped
    // The inspector, before SIGUSR1.
    case networkClosed(TargetNetwork.Problem)
    case portHeld(port: UInt16, holder: String)
    case sigusr1Disabled
    case inspectorForbidden(option: String, canBeAllowed: Bool)
    case inspectorAddressHidden
    case sigusr1Blocked
    case debuggerAwaited
    case sigusr1WritesSnapshot
    case sigusr1WritesReport
    case sigusr1NotCaught
    case sigusr1Handled
    case callWouldBreak(call: String)
    case neverRests
    case clusterWorkerInTheWay(EndangeredWorker)
    // What it takes of the process beside memory.
    case tooFewDescriptors(DescriptorRoom, DumpNeeds, pid: Int32)
    case tooFewTasks(TaskRoom, DumpNeeds)
    case tooLittleAddressSpace(limit: AddressLimit, left: UInt64, DumpNeeds, pid: Int32)
    // The inspector, after SIGUSR1.
    case openingFailed(line: String)
    case portHeldAfterSignal(port: UInt16, holder: String)
    case heldUpAfterSignal
    case notOpened(mayHandleSignal: Bool, portIsKnown: Bool)
    case waitsForChild(mayHandleSignal: Bool)
    case busyAfterSignal(call: String?)
    // A fork.
    case agentNotBuilt
    case addonsForbidden
    case addonsForbiddenByPermission(option: String)
    case noPlaceForAgent(problems: String)
    case agentRefusedBefore(reason: String)
    case agentRefused(problems: String)
    case agentDoesNotWork(reason: String)
    case nodeTooOldToFork(major: Int)
    case noControlGroup
    case noProc
    case forkRefused(step: String, errno: Int32?)
    case copyOutOfReach(reason: String)
    case tooManyWorkers(most: Int)
    case workersOutOfReach(reason: String)
    case noSuchWorker(Int, known: [Int])
    // ptrace.
    case ptraceUnsupported(reason: String)
    case ptraceForbidden(remedy: String)
    case noSafePoint(place: String, seconds: Double)
    // A signal.
    case noSignal(titleHidesOptions: Bool, catchesSIGUSR2: Bool)
    case addonSignalOff(path: String)
    case signalNeverSent(Int32)
    case signalBlocked(Int32)
    case signalIgnored(Int32)
    case signalNotCaught(Int32)
    case signalNoLongerCaught(Int32)
    case signalWritesReport(Int32)
    case signalOpensInspector
    case callWouldBreakBySignal(call: String)
    case writingForbidden
    case placeHidden
    case placeMissing(path: String)
    case placeRemoved(path: String)
    case placeNotWritable(path: String, errno: Int32)
    case placeTooFull(path: String, free: UInt64, needed: UInt64)
    case filesTooLimited(limit: UInt64, needed: UInt64)
    case noDescriptorForFile(open: Int, limit: UInt64)
    case nothingAppeared(Int32)
    case strangerAppeared(String, Int32)
    // Any method.
    case pauseTooLong(seconds: Double, limit: Double)
    case memoryTooTight(reason: String)
    /// It was tried, and failed in another way.
    case failed(ReasonCode, message: String)

    public enum Kind: Sendable, Equatable {
        /// As long as the process is as it is.
        case lasting
        /// Memory or address space lacks.
        case memory
        /// Something is in the way that may go by itself: worth another try.
        case temporary
    }

    public enum AddressLimit: String, Sendable {
        case addressSpace = "RLIMIT_AS"
        case data = "RLIMIT_DATA"
    }

    public var kind: Kind {
        switch self {
        case .portHeld, .portHeldAfterSignal, .noSafePoint: .temporary
        case .openingFailed(let line): line.contains("address already in use") ? .temporary : .lasting
        case .tooLittleAddressSpace, .memoryTooTight: .memory
        default: .lasting
        }
    }
}
