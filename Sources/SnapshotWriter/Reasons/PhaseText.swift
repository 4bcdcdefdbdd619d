extension DumpPhase {
    /// Continues a sentence that begins "while".
    var activity: String {
        switch self {
        case .looking: "looking at the process"
        case .openingInspector: "opening the inspector"
        case .forking: "making a forked copy of it"
        case .waiting: "waiting for it to begin"
        case .building: "V8 was building the snapshot"
        case .childBuilding: "a forked copy of it was building the snapshot"
        case .writing, .childWriting: "the snapshot was being written"
        case .checking: "the snapshot was being published"
        }
    }

    /// V8 has no way to stop a snapshot that it has begun.
    var aftermath: String {
        switch self {
        case .building, .writing:
            "; V8 cannot be stopped in mid-snapshot, so the process may stay busy for a while, then it goes on"
        case .looking, .openingInspector, .forking, .waiting, .childBuilding, .childWriting, .checking: ""
        }
    }
}
