import ArgumentParser
import Glibc
import HeapAnalysis
import HeapSnapshot
import Linux
import NodeProcess
import SnapshotReading
import SnapshotWriter

/// Loads snapshots for the commands that look into them, and says why one cannot be.
struct AnalysisInput {
    let options: AnalysisOptions

    struct Opened {
        let file: String
        let loaded: LoadSnapshot.Loaded
        let analysis: HeapAnalysis
    }

    /// - Parameters:
    ///   - path: the bytes of the name, ended by a NUL.
    ///   - interfaces: of a snapshot that this one is compared with.
    ///   - isSummarized: whether a summary is wanted of it.
    func open(
        _ file: String, path: [CChar], interfaces: [Interface]? = nil, isSummarized: Bool = false
    ) throws -> Opened {
        let name = TerminalText.escaped(file)
        let progress = AnalysisProgress(StandardStreams.error)
        defer { progress.clear() }
        let memory = AnalysisMemory.read()
        let isForced = options.forceMemory
        let input = SnapshotInput(name: file, path: path)
        let bytes = input.plainLength()
        if isForced {
            MemoryGuard.shared.ask(nil)
        } else {
            MemoryGuard.shared.ask { AnalysisMemory.readAsItIs().available }
        }
        let loaded: LoadSnapshot.Loaded
        do {
            loaded = try LoadSnapshot.load(
                input,
                admit: { nodes, edges in
                    let needed = AnalysisMemory.estimate(nodes: nodes, edges: edges, documentBytes: bytes)
                    return isForced || needed <= memory.available ?? .max
                }, progress: { progress.reading(name, $0) })
        } catch {
            progress.clear()
            throw fail(input, error, memory, bytes)
        }
        if !isForced {
            let there = AnalysisMemory.read()
            let needed = AnalysisMemory.estimate(after: loaded.columns)
            if needed > there.available ?? .max {
                progress.clear()
                throw Self.fail(
                    name,
                    "to analyse what was read of it takes about \(Printable.bytes(needed)) of memory more, "
                        + "\(there.left); \(Self.remedy)", .memoryTooTight)
            }
        }
        progress.computing(name, "computing retained sizes")
        do {
            let analysis = try HeapAnalysis(
                loaded.columns, interfaces: interfaces, isSummarized: isSummarized)
            return Opened(file: file, loaded: loaded, analysis: analysis)
        } catch {
            progress.clear()
            throw Self.fail(name, "there is not enough memory to analyse it", .memoryTooTight)
        }
    }

    /// For commands that read several files: whether a file is there shows before another one is read for a minute.
    static func expect(_ file: String, path: [CChar]) throws {
        guard file != "-" else { return }
        var status = stat()
        if stat(path, &status) != 0 || faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0 {
            throw fail(file, "cannot open it: " + errnoText(errno), .inputError)
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw fail(file, "cannot read it: " + errnoText(EISDIR), .inputError)
        }
    }

    /// - Returns: nil if the system does not tell it.
    static func status(of file: String, path: [CChar]) -> stat? {
        var status = stat()
        let isKnown = file == "-" ? fstat(STDIN_FILENO, &status) == 0 : stat(path, &status) == 0
        return isKnown ? status : nil
    }

    private func fail(
        _ input: SnapshotInput, _ failure: LoadSnapshot.Failure, _ memory: AnalysisMemory, _ bytes: UInt64?
    ) -> any Error {
        let name = input.name
        switch failure {
        case .input(let error):
            return Self.fail(
                name, error.isOfMemory ? "\(error.message); \(Self.remedy)" : error.message,
                error.isOfMemory ? .memoryTooTight : .inputError)
        case .verdict(let verdict, let compression):
            let read = ReadInput(
                input, compression, command: RawArguments.command(readingFromInput: input.path))
            return Self.fail(name, verdict.explanation(of: read), .snapshotInvalid)
        case .beyondAnyHeap:
            return Self.fail(
                name, "its objects' sizes add up to more than any heap has; take the snapshot again", .snapshotInvalid)
        case .obstacle(.tooMany(let nodes, let edges)):
            return Self.fail(
                name,
                "\(Printable.count(nodes)) nodes and \(Printable.count(edges)) edges are more than heapdump can analyse "
                    + "(\(Printable.count(SnapshotCollector.mostNodes)) and \(Printable.count(SnapshotCollector.mostEdges)))",
                .memoryTooTight)
        case .obstacle(.memory(let nodes, let edges)):
            let needed = AnalysisMemory.estimate(nodes: nodes, edges: edges, documentBytes: bytes)
            return Self.fail(
                name, "to analyse it takes about \(Printable.bytes(needed)) of memory, \(memory.left); \(Self.remedy)",
                .memoryTooTight)
        case .obstacle(.growth):
            return Self.fail(
                name, "to analyse it takes more memory than there is: \(AnalysisMemory.read().left); \(Self.remedy)",
                .memoryTooTight)
        }
    }

    private static let remedy = "analyse it on a larger machine, or try all the same with --force-memory"

    static func fail(_ name: String, _ message: String, _ code: SnapshotWriter.ExitCode) -> any Error {
        StandardStreams.error.write(line: "heapdump: \(TerminalText.escaped(name)): \(Printable.text(message))")
        return ArgumentParser.ExitCode(code.rawValue)
    }
}
