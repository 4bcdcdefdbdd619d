public import NodeProcess

extension DumpFailure {
    public var code: ReasonCode {
        switch self {
        case .process(let error): error.code
        case .noMethod(let refusals): refusals.code
        case .targetDied: .targetDied
        case .endedAfterSignal: .targetEndedAfterSignal
        case .targetReplaced: .targetReplaced
        case .runTimedOut: .runTimedOut
        case .stalled: .stalled
        case .tooSlow: .tooSlow
        case .output(let error): error.code
        case .invalid: .snapshotInvalid
        case .endless: .snapshotEndless
        case .inspectorLost: .inspectorLost
        case .snapshotRefused: .snapshotRefused
        case .forkFailed, .forkFiltered: .forkFailed
        case .forkStarved: .forkStarved
        case .cannotTakeBack: .cannotTakeBack
        case .pauseTooLong: .pauseTooLong
        case .memoryTooTight: .memoryTooTight
        case .busy: .busy
        case .interrupted: .interrupted
        case .cannotStart: .cannotStart
        }
    }
}

extension [MethodRefusal] {
    /// Of those that the command line leaves: what they have in common.
    var code: ReasonCode {
        let left = filter { !$0.refusal.isOfCommandLine }
        let codes = Set((left.isEmpty ? self : left).map(\.refusal.code))
        return codes.count == 1 ? codes.first ?? .noMethod : .noMethod
    }
}

extension Refusal {
    fileprivate var isOfCommandLine: Bool {
        switch self {
        case .excludedByNoInspector, .excludedByNoPtrace, .excludedByMethod, .excludedByThread,
            .excludedByDumpMemoryMax, .excludedBySignal:
            true
        default: false
        }
    }
}

extension ProcessError {
    public var code: ReasonCode {
        switch self {
        case .noSuchProcess: .noSuchProcess
        case .exited: .processEnded
        case .isThread: .isThread
        case .notNode: .notNode
        case .notPermitted: .notPermitted
        case .notConnected: .notConnected
        case .tookTooLong: .lookTimedOut
        case .failed: .systemCallFailed
        }
    }
}

extension OutputError {
    public var code: ReasonCode {
        switch self {
        case .system: .outputRefused
        case .exists, .appeared: .outputExists
        case .notARegularFile: .outputNotAFile
        case .tooLittleSpace: .outputTooFull
        case .fileSizeLimit: .outputTooLimited
        case .badPattern: .outputPatternWrong
        }
    }
}
