import Foundation

extension Target {
    /// Starts a server whose script has the given name, in the given directory, and that runs `prelude` first.
    /// - Parameter program: to run it; the release itself where nil.
    static func withScript<Result>(
        _ name: String, in directory: TemporaryDirectory, _ node: Node, program: String? = nil, prelude: String = "",
        arguments: [String] = [], launcher: [String] = [], environment: [String: String] = [:],
        _ body: (Target) throws -> Result
    ) throws -> Result {
        let text = prelude + "\nrequire('\(Package.targets)/support/target').serve();\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory(name)))
        let row = try launcher + [program ?? node.path(), "--inspect-port=0", name] + arguments
        return try with(Command(row, in: directory.path, environment: environment), body)
    }
}
