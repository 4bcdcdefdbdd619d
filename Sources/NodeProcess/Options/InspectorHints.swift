import Glibc
import Linux

/// What options say about the inspector; what it really does, the sockets tell.
public struct InspectorHints: Sendable, Equatable {
    public static let defaultPort: UInt16 = 9229

    /// One of --inspect, --inspect-brk, --inspect-wait was given: it has been open from the start.
    public var enabled = false
    /// Without brackets; `nil` where none is given, which means 127.0.0.1.
    public var host: String?
    /// Where it listens, or will after SIGUSR1; `nil` where 0 was given and the kernel chooses.
    public var port: UInt16? = Self.defaultPort
    /// --disable-sigusr1: the signal opens nothing.
    public var sigusr1Disabled = false
    /// --permission: Node opens no inspector then, unless it is allowed by name.
    public var permissionModel = false
    /// --permission-audit (Node 26): nothing is refused but the inspector.
    public var permissionAudit = false
    /// --allow-inspector.
    public var inspectorAllowed = false

    /// --inspect-publish-uid without `http`: the inspector answers 404 where it is asked for its address, which only the
    /// process's standard error or console shows.
    public var hidesAddress = false
    /// --report-on-signal: what --report-signal names makes the process write a diagnostic report, with its environment.
    public var reportSignal: Int32? { reportsOnSignal ? reportSignalNumber : nil }
    private var reportsOnSignal = false
    private var reportSignalNumber: Int32? = SIGUSR2

    /// The option that switches the permission model on.
    public var permissionOption: String? {
        permissionModel ? "--permission" : permissionAudit ? "--permission-audit" : nil
    }
    /// No inspector can be opened by any means.
    public var preventsInspector: Bool { permissionOption != nil && !inspectorAllowed }
    /// SIGUSR1 cannot open one.
    public var preventsInspectorBySignal: Bool { preventsInspector || sigusr1Disabled }

    public init() {}

    /// `arguments` with the program's name first; those after the script are the script's own. NODE_OPTIONS come
    /// first, so that the command line overrides them.
    public init(arguments: [String], nodeOptions: [String]) {
        for option in NodeCommandLine(nodeOptions: nodeOptions).options { apply(option) }
        for option in NodeCommandLine(arguments: arguments).options { apply(option) }
    }

    /// Deno names its options as Node does, and takes none of the environment.
    init(denoArguments: [String]) {
        for option in NodeCommandLine(denoArguments: denoArguments).options { apply(option) }
    }

    private mutating func apply(_ option: NodeCommandLine.Option) {
        switch option.name {
        case "--inspect", "--inspect-brk", "--inspect-wait", "--inspect-brk-node":
            enabled = true
            if let value = option.value { setHostPort(value) }
        case "--inspect-port":
            if let value = option.value { setHostPort(value) }
        case "--inspect-publish-uid":
            if let value = option.value { hidesAddress = !value.split(separator: ",").contains("http") }
        case "--report-on-signal": reportsOnSignal = true
        case "--no-report-on-signal": reportsOnSignal = false
        case "--report-signal": reportSignalNumber = option.value.flatMap { SignalName.numbers[$0] }
        case "--no-inspect": enabled = false
        case "--disable-sigusr1": sigusr1Disabled = true
        case "--no-disable-sigusr1": sigusr1Disabled = false
        case "--permission": permissionModel = true
        case "--no-permission", "--no-experimental-permission": permissionModel = false
        case "--permission-audit": permissionAudit = true
        case "--no-permission-audit": permissionAudit = false
        case "--allow-inspector": inspectorAllowed = true
        case "--no-allow-inspector": inspectorAllowed = false
        default: break
        }
    }

    /// As Node's SplitHostPort: "[::1]" and "localhost" bring the default port with them, "9230" keeps the host.
    private mutating func setHostPort(_ text: String) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            host = String(text.dropFirst().dropLast())
            port = Self.defaultPort
        } else if let colon = text.lastIndex(of: ":") {
            let name = text[..<colon]
            let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
            if !name.isEmpty { host = String(isBracketed ? name.dropFirst().dropLast() : name) }
            setPort(text[text.index(after: colon)...])
        } else if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            setPort(text[...])
        } else {
            host = text
            port = Self.defaultPort
        }
    }

    /// With a number that is no port Node does not start.
    private mutating func setPort(_ text: Substring) {
        guard let number = UInt16(text) else { return }
        port = number == 0 ? nil : number
    }
}
