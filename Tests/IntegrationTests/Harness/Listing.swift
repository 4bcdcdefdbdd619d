import Foundation
import Testing

/// What `heapdump list --json` says.
struct Listing {
    let processes: [[String: Any]]
    let run: Run

    init(_ arguments: [String] = [], user: Command.User = .same) throws {
        run = try Heapdump.command(["list", "--json"] + arguments, in: "/tmp", user: user).run()
        run.expect(exit: 0)
        processes = try run.stdout.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    /// The one with that pid.
    subscript(pid: pid_t) -> [String: Any]? { processes.first { $0["pid"] as? Int == Int(pid) } }
}

extension Run {
    /// The row of a table that is about a process.
    func row(of pid: pid_t) -> String? {
        stdout.split(whereSeparator: \.isNewline).first { $0.split(separator: " ").first == "\(pid)" }.map(String.init)
    }
}
