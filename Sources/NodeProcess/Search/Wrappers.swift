import Linux

/// Tells Node processes that only run a program from those that are one.
struct Wrappers {
    let tree: ProcessTree
    /// nil for what is not Node.
    let names: (Int32) -> ProcessNames?
    /// Whether a process was started by `child_process.fork`, as workers are.
    var isForked: (Int32) -> Bool = { pid in
        (try? EnvironmentVariable.read("NODE_CHANNEL_FD", of: pid)) ?? nil != nil
    }

    /// Other users may have made the tree as deep and wide as they like.
    private static let deepest = 32
    private static let mostLookedAt = 1024

    static func mayBeOne(_ names: ProcessNames) -> Bool {
        WrapperNames.name(of: names) != nil || names.firstArgument != nil
    }

    /// nil if it is no wrapper, or runs nothing at this moment.
    func program(of wrapper: Int32) -> WrappedProgram? {
        var seen: Set<Int32> = [wrapper]
        return program(of: wrapper, &seen, Self.deepest)
    }

    private func program(of wrapper: Int32, _ seen: inout Set<Int32>, _ depth: Int) -> WrappedProgram? {
        guard depth > 0, let own = names(wrapper), Self.mayBeOne(own) else { return nil }
        let processes = programs(below: wrapper, &seen, depth - 1)
        guard !processes.isEmpty else { return nil }
        if let name = WrapperNames.name(of: own) {
            return WrappedProgram(wrapper: wrapper, name: name, processes: processes)
        }
        // Any other that was told to run one program, and runs that one: `node start.js server.js`. A program that forks
        // workers looks alike, but for how they were started.
        guard processes.count == 1, let script = own.script, let program = names(processes[0]),
            program.script != nil, program.script != script,
            program.script == own.firstArgument
                || program.scriptPath != nil && program.scriptPath == own.firstArgumentPath,
            !isForked(processes[0])
        else { return nil }
        return WrappedProgram(wrapper: wrapper, name: PathText.lastComponent(script), processes: processes)
    }

    /// The nearest Node processes on each way down that are no wrappers themselves. Theirs are their own affair.
    private func programs(below pid: Int32, _ seen: inout Set<Int32>, _ depth: Int) -> [Int32] {
        var found: [Int32] = []
        guard depth > 0 else { return found }
        for child in tree.children(of: pid) where seen.count < Self.mostLookedAt && seen.insert(child).inserted {
            if let inner = program(of: child, &seen, depth - 1) {
                found += inner.processes
            } else if names(child) != nil {
                found.append(child)
            } else {
                found += programs(below: child, &seen, depth - 1)
            }
        }
        return found
    }
}
