import ELF
import Linux
import NodeProcess

/// Functions of a process by their names in the symbol tables of its executable, of Node's library and of the C library.
struct TargetFunctions {
    private var addresses: [String: UInt64] = [:]

    /// Looks for all of them at once. What is in none of the files is left out.
    init(_ names: [String], of pid: Int32, _ mappings: [Mapping]) {
        let executable = (try? ProcFile(pid, "exe").link()) ?? ""
        var missing = names
        for mapping in mappings where mapping.isOfFile && mapping.offset == 0 && !missing.isEmpty {
            guard mapping.path == executable || Self.mayHave(mapping.path), let file = mapping.open(in: pid),
                let image = try? ELFImage(ImageFile(file)),
                let first = image.segments.first(where: { $0.range.contains(0) })
            else { continue }
            let distance = mapping.addresses.lowerBound &- first.address
            missing.removeAll { name in
                guard let address = try? image.address(ofExportedFunction: name) else { return false }
                addresses[name] = address &+ distance
                return true
            }
        }
    }

    /// libc, with what older versions of it keep in files of their own, and libnode.
    private static func mayHave(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last else { return false }
        return ["libnode.", "libc.", "libc-", "libpthread", "ld-musl-"].contains { name.hasPrefix($0) }
    }

    subscript(name: String) -> UInt64? { addresses[name] }
}
