public import NodeProcess

extension SelectionError {
    public var exitCode: ExitCode {
        switch self {
        case .nothing: .noSuchProcess
        case .several: .usage
        case .notPermitted: .notPermitted
        }
    }
}
