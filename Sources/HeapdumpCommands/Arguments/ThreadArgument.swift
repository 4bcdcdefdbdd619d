import ArgumentParser
import SnapshotWriter

/// `main`, `all`, or a worker thread's number.
enum ThreadArgument: ExpressibleByArgument, Equatable {
    case main
    case all
    case worker(Int)

    init?(argument: String) {
        switch argument {
        case "main", "0": self = .main
        case "all": self = .all
        default:
            guard let number = Int(argument), number > 0 else { return nil }
            self = .worker(number)
        }
    }

    var text: String {
        switch self {
        case .main: "main"
        case .all: "all"
        case .worker(let number): String(number)
        }
    }

    var defaultValueDescription: String { text }

    /// Whose heap comes first.
    var first: SnapshotRequest.Thread {
        if case .worker(let number) = self { return .worker(number) }
        return .main
    }
}
