import CLinux
import ELF
import Glibc
import Linux
import SystemPackage

/// What runs a program's JavaScript, of those that heapdump knows to dump.
public enum Runtime: String, Sendable, Equatable, Encodable {
    case node
    /// Through an inspector that is open. Newer versions open one on SIGUSR1, which heapdump does not send: whether a program of
    /// Deno's handles the signal itself is not known from outside.
    case deno

    public func text(of version: NodeVersion) -> String {
        switch self {
        case .node: version.description
        case .deno: String(version.description.dropFirst())
        }
    }
}

/// The program of a process that is proven to be Node, or Deno.
public struct NodeExecutable: Sendable, Equatable {
    /// As the target sees it, in its own mount namespace.
    public let path: String
    /// Removed or replaced since the process started.
    public let isDeleted: Bool
    public let runtime: Runtime
    /// Node's; nil where it is Deno, or not found.
    public var version: NodeVersion? { runtime == .node ? runtimeVersion : nil }
    public let runtimeVersion: NodeVersion?
    /// The version in the form that the runtime uses: `v20.18.0`, `2.9.8`.
    public var runtimeVersionText: String? { runtimeVersion.map { runtime.text(of: $0) } }
    /// `glibc` or, as on Alpine Linux, `musl`; nil where it names neither.
    public let libc: String?
    /// A program and its Node in one file (single executable application): all arguments are the program's.
    public let isSingleExecutable: Bool
    /// What proves that it is Node.
    public let evidence: String

    public init(
        path: String, isDeleted: Bool, runtime: Runtime = .node, version: NodeVersion?, libc: String? = nil,
        isSingleExecutable: Bool = false, evidence: String
    ) {
        self.path = path
        self.isDeleted = isDeleted
        self.runtime = runtime
        runtimeVersion = version
        self.libc = libc
        self.isSingleExecutable = isSingleExecutable
        self.evidence = evidence
    }

    /// `nil` where the executable is neither Node itself nor a program that starts Node of a library, as Debian's is. A
    /// program that has mapped such a library for another purpose is not Node: R with V8 ends on SIGUSR1.
    static func find(
        _ pid: Int32, cache: NodeImageCache = NodeImageCache()
    ) throws(LinuxError) -> NodeExecutable? {
        let link = ProcFile(pid, "exe")
        let (path, isDeleted) = existing(try link.link(), pid)
        // Opened through the link, which reaches deleted files and those of other mount namespaces.
        switch try cache.role(of: link.open(), link) {
        case .node(let version):
            return NodeExecutable(
                path: path, isDeleted: isDeleted, version: version.number, libc: version.libc,
                isSingleExecutable: version.hasProgram, evidence: "it exports node::Start and v8::Isolate")
        case .starter:
            guard let library = try MappedLibrary.find(NodeImage.libraryName, in: pid),
                let file = library.open(pid),
                case .node(let version)? = try cache.role(of: file, ProcFile(pid, "maps"))
            else { return nil }
            return NodeExecutable(
                path: path, isDeleted: isDeleted, version: version.number, libc: version.libc,
                evidence: "it imports node::Start from \(library.path), which exports v8::Isolate too")
        case .other(let other, let libc) where other.runtime == .deno:
            return NodeExecutable(
                path: path, isDeleted: isDeleted, runtime: .deno, version: other.version, libc: libc,
                evidence: "it exports Node-API and calls itself Deno")
        case .other, nil:
            return nil
        }
    }

    /// The kernel marks a deleted file's path with a suffix that a file's name may also end in.
    private static func existing(_ link: String, _ pid: Int32) -> (path: String, isDeleted: Bool) {
        let mark = " (deleted)"
        guard link.hasSuffix(mark) else { return (link, false) }
        let running = try? FileIdentity(path: "/proc/\(pid)/exe")
        if let running, running == named(link, in: pid) { return (link, false) }
        return (String(link.dropLast(mark.count)), true)
    }
}

extension NodeExecutable {
    /// The file that has this name for the process.
    private static func named(_ path: String, in pid: Int32) -> FileIdentity? {
        guard let root = try? ProcFile(pid, "root").open(CLINUX_O_PATH | O_DIRECTORY),
            let place = try? Descriptor(openingInRoot: root, path, CLINUX_O_PATH | O_NOFOLLOW)
        else { return nil }
        return (try? place.status()).map { FileIdentity($0) }
    }
}

/// Node's own symbols and version in an ELF file.
enum NodeImage {
    struct Version: Equatable {
        let number: NodeVersion?
        let libc: String?
        /// That of a single executable application.
        var hasProgram = false
    }

    /// Owner of the ELF note that holds the program of a single executable application. Node looks for the same name.
    private static let programNote = "NODE_SEA_BLOB"

    enum Role: Equatable {
        /// All of Node: a program, or a library.
        case node(Version)
        /// A program that starts the Node of a library.
        case starter
        /// A program that runs JavaScript without Node, with its C library.
        case other(OtherRuntime.Found, libc: String?)
    }

    /// How the names of files begin that are Node as a library.
    static let libraryName = "libnode.so"

    /// Both together: Bun exports much of V8's and Node-API's names but has no node::Start(int, char**), other programs
    /// that embed V8 have no Node.
    static let symbols = ["_ZN4node5StartEiPPc", "_ZN2v87Isolate10GetCurrentEv"]

    /// `nil` where the file runs no JavaScript that is known.
    static func role(of file: ImageFile, _ source: ProcFile) throws(LinuxError) -> Role? {
        do throws(Errno) {
            guard let image = try ELFImage(file) else { return nil }
            for symbol in symbols where try !image.exports(symbol) {
                if try image.imports(symbols[0]) { return .starter }
                guard let other = try OtherRuntime.find(in: image) else { return nil }
                return .other(other, libc: try libc(of: image))
            }
            if try OtherRuntime.isElectron(image) {
                return .other(OtherRuntime.Found(runtime: .electron, version: nil), libc: try libc(of: image))
            }
            // The inspector's answer to /json/version holds it as one literal.
            let prefix = "node.js/"
            let number = try image.firstMatch(of: prefix + "v", inSection: ".rodata") { match in
                let text = match.dropFirst(prefix.utf8.count).prefix { $0 != 0 }
                return NodeVersion(String(decoding: text, as: UTF8.self))
            }
            return .node(
                Version(number: number, libc: try libc(of: image), hasProgram: try image.hasNote(of: programNote)))
        } catch {
            throw LinuxError("read", path: source.path, error)
        }
    }

    /// A library names its C library, a program the loader too.
    private static func libc(of image: borrowing ELFImage) throws(Errno) -> String? {
        if try image.contains("ld-musl-", in: ".interp", atMost: UInt64(PATH_MAX)) { return "musl" }
        let strings = ImageFile.Limits.usual.symbols
        if try image.contains("libc.musl-", in: ".dynstr", atMost: strings) { return "musl" }
        return try image.contains("libc.so.6", in: ".dynstr", atMost: strings) ? "glibc" : nil
    }
}
