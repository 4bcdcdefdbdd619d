import CCompression

/// The ways a snapshot may be compressed, known by the file's first bytes.
public enum Compression: Sendable {
    case gzip, zstd

    public init?(_ prefix: some Collection<UInt8>) {
        if prefix.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if prefix.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else {
            return nil
        }
    }

    /// Name of the program, too.
    public var name: String {
        switch self {
        case .gzip: "gzip"
        case .zstd: "zstd"
        }
    }
}

/// Decompresses a file portion by portion.
final class Decompression {
    private let compression: Compression
    private let decoder: OpaquePointer
    /// What the decoder asks.
    private let memory: Memory
    /// Whether the last member or frame is whole.
    private var isWhole = false

    private final class Memory {
        let admit: (_ bytes: Int) -> Bool

        init(_ admit: @escaping (_ bytes: Int) -> Bool) {
            self.admit = admit
        }
    }

    private static let noMemory = InputError("there is not enough memory to decompress it", isOfMemory: true)

    /// - Parameter admit: asked whether there is memory for the window of a file, which may be of 128 MiB.
    init(_ compression: Compression, admit: @escaping (_ bytes: Int) -> Bool = { _ in true }) throws(InputError) {
        self.compression = compression
        memory = Memory(admit)
        let made =
            compression == .gzip
            ? ccompression_gzip()
            : ccompression_zstd(
                { context, bytes in
                    guard let context else { return true }
                    return Unmanaged<Memory>.fromOpaque(context).takeUnretainedValue().admit(bytes)
                }, Unmanaged.passUnretained(memory).toOpaque())
        guard let made else { throw Self.noMemory }
        decoder = made
    }

    deinit {
        ccompression_free(decoder)
    }

    /// - Returns: how many bytes of the input were used, and how many of the output were filled.
    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(InputError) -> (used: Int, filled: Int) {
        var used = input.count
        var filled = output.count
        switch ccompression_decode(decoder, input.baseAddress, &used, output.baseAddress, &filled) {
        case CCOMPRESSION_END: isWhole = true
        case CCOMPRESSION_OK: if used > 0 || filled > 0 { isWhole = false }
        case CCOMPRESSION_NO_MEMORY: throw Self.noMemory
        default:
            throw InputError("its compression (\(compression.name)) is damaged; copy it again from where it was made")
        }
        return (used, filled)
    }

    /// Says whether the file may end here.
    func finish() throws(InputError) {
        guard isWhole else {
            throw InputError(
                "its compression (\(compression.name)) ends in the middle; copy it again from where it was made")
        }
    }
}
