import Glibc
import SystemPackage

/// The program of a process that is proven to be Node.
public struct NodeExecutable: Sendable, Equatable {
    /// As the target sees it, in its own mount namespace.
    public let path: String
    /// Removed or replaced since the process started.
    public let isDeleted: Bool
    public let version: NodeVersion?
    /// `glibc` or, as on Alpine Linux, `musl`; nil where it names neither.
    public let libc: String?
    /// What proves that it is Node.
    public let evidence: String

    public init(path: String, isDeleted: Bool, version: NodeVersion?, libc: String? = nil, evidence: String) {
        self.path = path
        self.isDeleted = isDeleted
        self.version = version
        self.libc = libc
        self.evidence = evidence
    }

    /// `nil` where neither the executable nor a libnode that it has mapped is Node.
    static func find(
        _ pid: Int32, cache: NodeImageCache = NodeImageCache()
    ) throws(ProcessError) -> NodeExecutable? {
        let link = ProcFile(pid, "exe")
        let (path, isDeleted) = existing(try link.link(), pid)
        // Opened through the link, which reaches deleted files and those of other mount namespaces.
        if let version = try cache.version(of: link.open(), link) {
            return NodeExecutable(
                path: path, isDeleted: isDeleted, version: version.number, libc: version.libc,
                evidence: "it exports node::Start and v8::Isolate")
        }
        guard let library = try MappedLibrary.find("libnode.so", in: pid) else { return nil }
        let file = try library.open(pid)
        guard let file, let version = try cache.version(of: file, ProcFile(pid, "maps")) else { return nil }
        return NodeExecutable(
            path: path, isDeleted: isDeleted, version: version.number, libc: version.libc,
            evidence: "\(library.path), which it has mapped, exports node::Start and v8::Isolate")
    }

    /// The kernel marks a deleted file's path with a suffix that a file's name may also end in.
    private static func existing(_ link: String, _ pid: Int32) -> (path: String, isDeleted: Bool) {
        let mark = " (deleted)"
        guard link.hasSuffix(mark) else { return (link, false) }
        let running = try? FileIdentity(path: "/proc/\(pid)/exe")
        let named = try? FileIdentity(path: "/proc/\(pid)/root" + link)
        if let running, running == named { return (link, false) }
        return (String(link.dropLast(mark.count)), true)
    }
}

/// Node's own symbols and version in an ELF file.
enum NodeImage {
    struct Version {
        let number: NodeVersion?
        let libc: String?
    }

    /// Both together: Bun exports much of V8's and Node-API's names but has no node::Start(int, char**), other programs
    /// that embed V8 have no Node.
    static let symbols = ["_ZN4node5StartEiPPc", "_ZN2v87Isolate10GetCurrentEv"]

    /// `nil` where the file is not Node.
    static func version(of file: consuming Descriptor, _ source: ProcFile) throws(ProcessError) -> Version? {
        do throws(Errno) {
            guard let image = try ELFImage(file) else { return nil }
            for symbol in symbols where try !image.exports(symbol) { return nil }
            // The inspector's answer to /json/version holds it as one literal.
            let prefix = "node.js/"
            let number = try image.firstMatch(of: prefix + "v", inSection: ".rodata") { match in
                let text = match.dropFirst(prefix.utf8.count).prefix { $0 != 0 }
                return NodeVersion(String(decoding: text, as: UTF8.self))
            }
            return Version(number: number, libc: try libc(of: image))
        } catch {
            throw source.failure(error)
        }
    }

    /// A library names its C library, a program the loader too.
    private static func libc(of image: borrowing ELFImage) throws(Errno) -> String? {
        if try image.contains("ld-musl-", in: ".interp") { return "musl" }
        if try image.contains("libc.musl-", in: ".dynstr") { return "musl" }
        return try image.contains("libc.so.6", in: ".dynstr") ? "glibc" : nil
    }
}
