import ELF
import SystemPackage

/// A program that runs JavaScript and is not Node, as told from its file.
public enum OtherRuntime: String, Sendable, Equatable {
    case deno = "Deno"
    case bun = "Bun"
    case electron = "Electron"
    case chromium = "Chromium"

    struct Found: Equatable {
        let runtime: OtherRuntime
        let version: NodeVersion?
    }

    /// Deno and Bun load add-ons by Node-API, as Node does; few other programs export it.
    private static let addonSymbol = "napi_create_function"
    /// A library of Chromium's that Node does not have.
    private static let browserLibrary = "libnss3.so"

    /// What a program is that lacks Node's own symbols.
    static func find(in image: borrowing ELFImage) throws(Errno) -> Found? {
        guard try image.exports(addonSymbol) else { return nil }
        for runtime in [OtherRuntime.deno, .bun] {
            // The user agent for HTTP requests holds the version. "Exporter-Deno/0.82.0" is another component's.
            let name = runtime.rawValue + "/"
            let version = try image.firstMatch(of: name, inSection: ".rodata", notAfter: "-") { match in
                let text = match.dropFirst(name.utf8.count).prefix { Self.versionBytes.contains($0) }
                return NodeVersion(String(decoding: text, as: UTF8.self))
            }
            if let version { return Found(runtime: runtime, version: version) }
        }
        return nil
    }

    private static let versionBytes = Set("0123456789.".utf8)

    /// Whether what has Node's own symbols has a browser as well.
    static func isElectron(_ image: borrowing ELFImage) throws(Errno) -> Bool { try usesBrowserLibrary(image) }

    /// Reads through all constants: for one program that was asked for, not for all that run.
    static func isChromium(_ image: borrowing ELFImage) throws(Errno) -> Bool {
        guard try usesBrowserLibrary(image) else { return false }
        return try image.firstMatch(of: "chrome://", inSection: ".rodata") { _ in true } ?? false
    }

    private static func usesBrowserLibrary(_ image: borrowing ELFImage) throws(Errno) -> Bool {
        try image.contains(browserLibrary, in: ".dynstr", atMost: ImageFile.Limits.usual.symbols)
    }
}

extension OtherRuntime {
    /// What to do instead, as a clause.
    var remedy: String {
        switch self {
        case .deno: "start it with --inspect, and heapdump takes its heap snapshot through that"
        case .bun:
            "call require('node:v8').writeHeapSnapshot() in the program; heapdump check, summary and diff read the file"
        case .electron:
            "call process.takeHeapSnapshot('FILE.heapsnapshot') in it, or use the Memory panel of its DevTools; heapdump check, "
                + "summary and diff read the file"
        case .chromium: "use the Memory panel of its DevTools; heapdump check, summary and diff read the file"
        }
    }
}
