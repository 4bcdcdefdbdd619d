import ELF
import Linux

/// Where a process's code is: which of it a compiler's tables say how to unwind, and which V8 made.
final class CodeMap {
    let pid: Int32
    private let memory: ProcessMemory
    private var mappings: [Mapping]
    /// By the address of an image's first byte; nil for what is none.
    private var images: [UInt64: LoadedImage?] = [:]

    init(_ pid: Int32, _ memory: ProcessMemory) throws(LinuxError) {
        self.pid = pid
        self.memory = memory
        mappings = try Mapping.all(of: pid)
    }

    /// Looks again: code is mapped and unmapped all the time.
    func refresh() throws(LinuxError) {
        mappings = try Mapping.all(of: pid)
        images.removeAll()
    }

    func mapping(at address: UInt64) -> Mapping? {
        var low = 0
        var high = mappings.count
        while low < high {
            let middle = (low + high) / 2
            if mappings[middle].addresses.upperBound <= address { low = middle + 1 } else { high = middle }
        }
        guard low < mappings.count, mappings[low].addresses.contains(address) else { return nil }
        return mappings[low]
    }

    func isCode(_ address: UInt64) -> Bool { mapping(at: address)?.isExecutable ?? false }

    /// The image whose code is at an address; nil where V8 made the code, or moved it there, and where there is none.
    func image(at address: UInt64) -> LoadedImage? {
        guard let index = index(of: address) else { return nil }
        let mapping = mappings[index]
        guard mapping.isExecutable, mapping.isOfFile || mapping.path == "[vdso]" else { return nil }
        guard let base = base(of: index), let image = image(from: base) else { return nil }
        return image.holds(address, of: mapping) ? image : nil
    }

    /// One mapping of each library whose file name begins so.
    func libraries(named prefix: String) -> [Mapping] {
        mappings.filter { mapping in
            mapping.isOfFile && mapping.isExecutable
                && mapping.path.split(separator: "/").last?.hasPrefix(prefix) ?? false
        }
    }

    private func index(of address: UInt64) -> Int? {
        guard let mapping = mapping(at: address) else { return nil }
        return mappings.firstIndex { $0.addresses == mapping.addresses }
    }

    /// The mapping that the file begins in.
    private func base(of index: Int) -> Mapping? {
        let mapping = mappings[index]
        return mappings[...index].last { $0.offset == 0 && $0.inode == mapping.inode && $0.path == mapping.path }
    }

    private func image(from base: Mapping) -> LoadedImage? {
        if let known = images[base.addresses.lowerBound] { return known }
        let image = LoadedImage(base, memory)
        images[base.addresses.lowerBound] = .some(image)
        return image
    }
}
