import Linux
import SystemPackage

/// All that a process may be called by.
public struct ProcessNames: Sendable, Equatable {
    /// As the kernel keeps it: 15 bytes at most, and the title's begin where one was set.
    public let name: String
    /// `process.title` or --title, where it has been set.
    public let title: String?
    /// As they are now; the title alone where one has overwritten them.
    public let arguments: [String]
    /// Names of Node's own options.
    let nodeOptions: [String]
    /// As given.
    public let script: String?
    /// The script as seen from the working directory.
    public let scriptPath: String?
    /// The script's first argument that is no option, as given and as seen from the working directory: of a wrapper, the
    /// program that it runs.
    let firstArgument: String?
    let firstArgumentPath: String?

    /// How well a text fits; the better one is the larger.
    struct Fit: Comparable {
        enum Extent: Comparable {
            case part
            case whole
        }

        let extent: Extent
        /// The script, and not only what a process may call itself at any time.
        let isOfScript: Bool

        static func < (one: Fit, other: Fit) -> Bool {
            if one.extent != other.extent { return one.extent < other.extent }
            return one.extent == .whole && !one.isOfScript && other.isOfScript
        }
    }

    /// - Parameters:
    ///   - commandLine: nil for that of Node.
    ///   - workingDirectory: nil where it is not known.
    init(
        name: String, arguments: [String], argumentsAreOverwritten: Bool, commandLine: NodeCommandLine? = nil,
        workingDirectory: String?
    ) {
        self.name = name
        self.arguments = arguments
        title = argumentsAreOverwritten ? arguments.first : nil
        let line = commandLine ?? NodeCommandLine(arguments: argumentsAreOverwritten ? [] : arguments)
        nodeOptions = line.options.map(\.name)
        script = line.script
        firstArgument = line.scriptArguments.first { !$0.hasPrefix("-") }
        func path(_ file: String?) -> String? {
            guard let file, let workingDirectory else { return nil }
            return FilePath(workingDirectory).pushing(FilePath(file)).lexicallyNormalized().string
        }
        scriptPath = path(script)
        firstArgumentPath = path(firstArgument)
    }

    init(reading pid: Int32, name: String) throws(LinuxError) {
        let arguments = try ProcessArguments.read(pid)
        self.init(
            name: name, arguments: arguments.texts, argumentsAreOverwritten: arguments.areOverwritten,
            workingDirectory: try? ProcFile(pid, "cwd").link())
    }

    init(_ target: TargetProcess) {
        self.init(
            name: target.name, arguments: target.arguments, argumentsAreOverwritten: target.argumentsAreOverwritten,
            commandLine: target.commandLine, workingDirectory: try? ProcFile(target.pid, "cwd").link())
    }

    init(_ process: RefusedProcess.Visible) {
        self.init(
            name: process.name, arguments: process.arguments,
            argumentsAreOverwritten: process.argumentsAreOverwritten, workingDirectory: nil)
    }

    /// The whole of the script's path or of its last component, of the title or of the process's name; or any part of
    /// them or of the command line. `nil` where neither is.
    func fit(_ text: String) -> Fit? {
        // By bytes: what characters are made of is nothing to depend on in other people's titles.
        func isOne(of texts: [String?]) -> Bool {
            texts.contains { $0.map { $0.utf8.elementsEqual(text.utf8) } ?? false }
        }
        let wanted = Array(text.utf8)
        func isPart(of texts: [String?]) -> Bool {
            texts.contains { $0.map { Array($0.utf8).firstIndex(of: wanted, from: 0) != nil } ?? false }
        }
        let lastComponent = script.map { PathText.lastComponent($0) }
        if isOne(of: [script, scriptPath, lastComponent]) { return Fit(extent: .whole, isOfScript: true) }
        let isPartOfScript = isPart(of: [script, scriptPath])
        if isOne(of: [title, name]) { return Fit(extent: .whole, isOfScript: isPartOfScript) }
        if isPartOfScript { return Fit(extent: .part, isOfScript: true) }
        // Arguments joined as ps shows them: a text may reach over several.
        return isPart(of: [arguments.joined(separator: " "), name]) ? Fit(extent: .part, isOfScript: false) : nil
    }
}
