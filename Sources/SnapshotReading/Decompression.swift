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

    var name: String {
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
    /// Whether the last member or frame is whole.
    private var isWhole = false

    init(_ compression: Compression) throws(InputError) {
        self.compression = compression
        let made = compression == .gzip ? ccompression_gzip() : ccompression_zstd()
        guard let made else { throw InputError("there is no memory to decompress it") }
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
        case CCOMPRESSION_NO_MEMORY: throw InputError("there is no memory to decompress it")
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
