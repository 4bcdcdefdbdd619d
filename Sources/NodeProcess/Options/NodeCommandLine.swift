/// A Node command line taken apart as Node does it: its own options up to the script, then the script's arguments.
struct NodeCommandLine: Equatable {
    struct Option: Equatable {
        /// In full and with dashes: -r and --require are one, as are --inspect_brk and --inspect-brk.
        let name: String
        let value: String?
    }

    private(set) var options: [Option] = []
    private(set) var script: String?
    /// Those of the script; empty if there is none.
    private(set) var scriptArguments: [String] = []

    /// With the program's name first.
    init(arguments: [String]) {
        let rest = parse(arguments.dropFirst())
        let runsScript = !options.contains { ["--eval", "--print", "--run"].contains($0.name) }
        // A lone dash is standard input.
        script = runsScript && rest.first != "-" ? rest.first.flatMap { $0.isEmpty ? nil : $0 } : nil
        if script != nil { scriptArguments = Array(rest.dropFirst()) }
    }

    /// Of a single executable application, whose program is its own file.
    init(singleExecutable path: String, arguments: [String]) {
        script = path
        scriptArguments = Array(arguments.dropFirst())
    }

    /// Of Deno: what it is to do comes first (`deno run --inspect main.ts`); without that it runs a script.
    init(denoArguments: [String]) {
        var rest = denoArguments.dropFirst()
        let command = rest.first.flatMap { Self.denoCommands.contains($0) ? $0 : nil }
        if command != nil { rest.removeFirst() }
        rest = parse(rest, takingValue: Self.denoOptions)
        script = rest.first == "-" || command == "eval" || command == "repl" ? nil : rest.first
        if script != nil { scriptArguments = Array(rest.dropFirst()) }
    }

    /// Those of Deno whose value may be the next argument.
    private static let denoOptions: Set = [
        "-c", "--config", "--import-map", "--cert", "--location", "--seed", "--ext", "--port", "--host", "-L",
        "--log-level",
        "--preload", "--import", "--env-file", "--lock", "--v8-flags", "--cwd", "--filter",
        "--unsafely-ignore-certificate-errors",
    ]

    private static let denoCommands: Set = ["run", "serve", "test", "bench", "task", "eval", "repl"]

    /// NODE_OPTIONS, which names no script.
    init(nodeOptions: [String]) {
        _ = parse(nodeOptions[...])
    }

    private mutating func parse(
        _ arguments: ArraySlice<String>, takingValue: Set<String> = NodeOptionNames.takingValue
    ) -> ArraySlice<String> {
        var rest = arguments
        while let argument = rest.first, argument.utf8.count > 1, argument.hasPrefix("-") {
            rest.removeFirst()
            if argument == "--" { break }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let isLong = argument.hasPrefix("--")
            let name = Self.fullName(isLong ? String(parts[0]) : argument)
            var value = isLong && parts.count > 1 ? String(parts[1]) : nil
            // Node takes nothing that looks like an option for a value.
            if value == nil, takingValue.contains(name), let next = rest.first, !next.hasPrefix("-") {
                value = next.hasPrefix("\\-") ? String(next.dropFirst()) : next
                rest.removeFirst()
            }
            options.append(Option(name: name, value: value))
        }
        return rest
    }

    private static func fullName(_ given: String) -> String {
        let name = given.hasPrefix("--") ? "--" + given.dropFirst(2).replacing("_", with: "-") : given
        return NodeOptionNames.aliases[name] ?? name
    }
}
