import Foundation
import Testing

/// What the agent asks of the process that it is loaded into, by Sources/HeapDumpAgent/imports.txt.
struct AgentImportTests {
    /// The oldest glibc that it is for: of RHEL 7, which has the oldest that Node 18 was built for by distributors.
    private static let oldest = [2, 17]

    private struct Symbol: Hashable {
        let name: String
        let isWeak: Bool
    }

    private static func symbols(_ path: String) throws -> [[Substring]] {
        let run = try Command(["readelf", "--dyn-syms", "--wide", path]).run()
        guard run.ending == .exited(0) else { throw Failure("\(run)") }
        return run.stdout.split(separator: "\n").map { $0.split(separator: " ") }.filter {
            $0.count >= 8 && $0[0].hasSuffix(":")
        }
    }

    private static func imports() throws -> Set<Symbol> {
        // The add-on, and what ptrace brings in.
        let files = ["heapdump.node", "visit.so"].map { Package.root + "/.build/agent/" + $0 }
        if let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
            try Test.cancel("there is no \(missing): run make agent")
        }
        return Set(
            try files.flatMap(symbols).filter { $0[6] == "UND" }.map {
                Symbol(name: String($0[7]), isWeak: $0[4] == "WEAK")
            })
    }

    /// Names and, of the C library's, since which glibc.
    private static func listed() throws -> [String: String] {
        let text = try String(contentsOfFile: Package.root + "/Sources/HeapDumpAgent/imports.txt", encoding: .utf8)
        let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: rows.map { (String($0[0]), $0.count > 1 ? String($0[1]) : "") })
    }

    @Test func areThoseOfTheList() throws {
        #expect(Set(try Self.imports().map(\.name)) == Set(try Self.listed().keys))
    }

    /// By the versions that glibc gives its symbols.
    @Test func areInOldVersionsOfGlibc() throws {
        let root = try Root.named("debian-11")
        let libraries = "\(root.path)/lib/x86_64-linux-gnu"
        var since: [String: Set<String>] = [:]
        for library in ["libc.so.6", "libpthread.so.0", "libdl.so.2"] {
            for symbol in try Self.symbols("\(libraries)/\(library)") where symbol[6] != "UND" {
                let parts = symbol[7].split(separator: "@")
                guard parts.count == 2, parts[1].hasPrefix("GLIBC_2") else { continue }
                since[String(parts[0]), default: []].insert(String(parts[1].dropFirst("GLIBC_".count)))
            }
        }
        for (name, version) in try Self.listed() where !version.isEmpty {
            #expect(since[name]?.contains(version) == true, "\(name): \(since[name] ?? [])")
            let numbers = version.split(separator: ".").compactMap { Int($0) }
            #expect(numbers.lexicographicallyPrecedes(Self.oldest) || numbers == Self.oldest, "\(name)")
        }
    }

    /// But for what the agent does without (weak).
    @Test func areInMusl() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/lib")) ?? []
        guard let loader = names.first(where: { $0.hasPrefix("ld-musl-") }) else { try Test.cancel("there is no musl") }
        let its = Set(try Self.symbols("/lib/" + loader).filter { $0[6] != "UND" }.map { String($0[7]) })
        let listed = try Self.listed()
        for symbol in try Self.imports() where listed[symbol.name]?.isEmpty == false {
            #expect(symbol.isWeak || its.contains(symbol.name), "\(symbol.name)")
        }
    }
}
