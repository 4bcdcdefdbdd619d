import ELF
import Linux

/// Where a process's code is: which of it a compiler's tables say how to unwind, and which V8 made.
final class CodeMap {
    let pid: Int32
    private let memory: ProcessMemory
    /// Its path.
    private let executable: String
    private var mappings: [Mapping]
    /// By the address of a mapping; nil for those of no image.
    private var images: [UInt64: LoadedImage?] = [:]

    init(_ pid: Int32, _ memory: ProcessMemory) throws(LinuxError) {
        self.pid = pid
        self.memory = memory
        mappings = try Mapping.all(of: pid)
        let link = (try? ProcFile(pid, "exe").link()) ?? ""
        executable = link.hasSuffix(Mapping.deletedMark) ? String(link.dropLast(Mapping.deletedMark.count)) : link
    }

    /// Looks again: code is mapped and unmapped all the time.
    func refresh() throws(LinuxError) {
        mappings = try Mapping.all(of: pid)
        images.removeAll()
    }

    func mapping(at address: UInt64) -> Mapping? { index(of: address).map { mappings[$0] } }

    private func index(of address: UInt64) -> Int? {
        var low = 0
        var high = mappings.count
        while low < high {
            let middle = (low + high) / 2
            if mappings[middle].addresses.upperBound <= address { low = middle + 1 } else { high = middle }
        }
        return low < mappings.count && mappings[low].addresses.contains(address) ? low : nil
    }

    func isCode(_ address: UInt64) -> Bool { mapping(at: address)?.isExecutable ?? false }

    /// The image whose code is at an address; nil where V8 made the code, or moved it there, and where there is none.
    func image(at address: UInt64) -> LoadedImage? {
        guard let index = index(of: address) else { return nil }
        let mapping = mappings[index]
        guard mapping.isExecutable, mapping.isOfFile || mapping.path == "[vdso]", let image = image(of: index) else {
            return nil
        }
        return image.holds(address, of: mapping) ? image : nil
    }

    /// Whether V8 is in it: in Node's executable, or in libnode.so.
    func isEngine(_ image: LoadedImage) -> Bool {
        image.path == executable || Self.isNodeLibrary(image.path)
    }

    private func image(of index: Int) -> LoadedImage? {
        let mapping = mappings[index]
        if let known = images[mapping.addresses.lowerBound] { return known }
        // The mapping that the file begins in.
        let base = mappings[...index].last {
            $0.offset == 0 && $0.inode == mapping.inode && $0.path == mapping.path
        }
        let image = base.flatMap { LoadedImage($0, memory) }
        images[mapping.addresses.lowerBound] = .some(image)
        return image
    }

    /// The executable mappings of libnode.so, for a Node that is a small program with a library.
    var nodeLibraries: [Mapping] { mappings.filter { $0.isOfFile && $0.isExecutable && Self.isNodeLibrary($0.path) } }

    private static func isNodeLibrary(_ path: String) -> Bool {
        path.split(separator: "/").last?.hasPrefix("libnode") ?? false
    }
}
