public import NodeProcess

extension SelectionError {
    public var exitCode: ExitCode {
        switch self {
        case .nothing: .noSuchProcess
        case .several, .severalUsers: .severalMatch
        case .notPermitted: .notPermitted
        }
    }
}
