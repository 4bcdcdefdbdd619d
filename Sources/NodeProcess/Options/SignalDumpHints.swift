import Linux

/// What options say about Node's own dump on a signal.
public struct SignalDumpHints: Sendable, Equatable {
    /// Of --heapsnapshot-signal; `nil` where the option is missing or names no signal.
    public var signal: Int32?
    /// Of --diagnostic-dir, as given; where it is missing, dumps go to the working directory.
    public var diagnosticDirectory: String?
    /// Values of --allow-fs-write: under the permission model Node throws where the file is not allowed.
    public var allowedWrites: [String] = []

    public init() {}

    /// As for `InspectorHints`: NODE_OPTIONS first, then what stands before the script.
    public init(arguments: [String], nodeOptions: [String]) {
        let options = NodeCommandLine(nodeOptions: nodeOptions).options + NodeCommandLine(arguments: arguments).options
        for option in options {
            guard let value = option.value, !value.isEmpty else { continue }
            switch option.name {
            case "--allow-fs-write": allowedWrites.append(value)
            case "--heapsnapshot-signal": signal = SignalName.numbers[value]
            case "--diagnostic-dir": diagnosticDirectory = value
            default: break
            }
        }
    }
}
