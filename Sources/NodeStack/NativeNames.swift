import ELF
import Linux
import SystemPackage

/// The functions of the executables and libraries of a process, by address. Files are read as they are needed, and once.
final class NativeNames {
    private let pid: Int32
    private struct File {
        let segments: [Segment]
        let symbols: FunctionSymbols
    }
    /// By path and inode; nil for what cannot be read.
    private var files: [String: File?] = [:]
    /// The process chooses which files it maps, and how large they are. Node's own tables take 40 MB.
    private var bytesLeft = 1 << 30

    init(_ pid: Int32) {
        self.pid = pid
    }

    /// The name as the linker has it; nil where the file tells none.
    func symbol(at address: UInt64, of mapping: Mapping) -> String? {
        guard mapping.isOfFile, let file = file(of: mapping) else { return nil }
        // By the file's offset, which is right for code that V8 has moved too.
        let offset = address - mapping.addresses.lowerBound + mapping.offset
        guard let own = file.segments.address(ofOffset: offset, executable: true) else { return nil }
        return file.symbols.name(at: own)
    }

    private func file(of mapping: Mapping) -> File? {
        let key = "\(mapping.inode) \(mapping.path)"
        if let known = files[key] { return known }
        let file = read(mapping)
        files[key] = .some(file)
        return file
    }

    private func read(_ mapping: Mapping) -> File? {
        guard bytesLeft > 0, let descriptor = mapping.open(in: pid) else { return nil }
        let file = ImageFile(descriptor)
        defer { bytesLeft -= file.bytesRead }
        guard let image = try? ELFImage(file), let symbols = try? FunctionSymbols(image) else { return nil }
        return File(segments: image.segments, symbols: symbols)
    }
}
