import CSQLite

/// A SQLite database that is written once, from beginning to end, into an open file.
///
/// Nobody else has the file, and it is thrown away if anything fails: so there is one transaction, no journal, no lock and no sync.
public final class DatabaseFile {
    /// Why the database cannot be written.
    public enum Failure: Error, Equatable {
        /// A system call failed, with this errno.
        case system(Int32)
        case outOfMemory
        /// Two rows have one primary key.
        case conflict
        /// What SQLite says of anything else.
        case other(String)
    }

    private let file: OpaquePointer
    private let context: Unmanaged<Context>
    private var database: OpaquePointer?

    private final class Context {
        let openTemporary: () -> Int32
        init(_ openTemporary: @escaping () -> Int32) { self.openTemporary = openTemporary }
    }

    /// In KiB: of pages, and what is sorted in memory before it goes to a temporary file.
    private static let cacheKilobytes = 32 << 10

    /// - Parameters:
    ///   - descriptor: of an empty file, open for reading and writing. It stays the caller's.
    ///   - openTemporary: opens a nameless file for sorting and returns its descriptor, which this closes; -1 with errno on failure.
    public init(descriptor: Int32, openTemporary: @escaping () -> Int32) throws(Failure) {
        context = Unmanaged.passRetained(Context(openTemporary))
        let file = csqlite_file_new(
            descriptor,
            { context in
                guard let context else { return -1 }
                return Unmanaged<Context>.fromOpaque(context).takeUnretainedValue().openTemporary()
            }, context.toOpaque())
        guard let file else {
            context.release()
            throw .outOfMemory
        }
        self.file = file
        let result = csqlite_file_open(file, &database)
        guard result == SQLITE_OK else { throw failure(result) }
        try run(
            """
            PRAGMA page_size = 8192; PRAGMA cache_size = -\(Self.cacheKilobytes); PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = FILE;
            BEGIN
            """)
    }

    deinit {
        sqlite3_close_v2(database)
        csqlite_file_free(file)
        context.release()
    }

    /// Executes statements that have no result.
    public func run(_ statements: String) throws(Failure) {
        let result = sqlite3_exec(database, statements, nil, nil, nil)
        guard result == SQLITE_OK else { throw failure(result) }
    }

    public func prepare(_ statement: String) throws(Failure) -> DatabaseStatement {
        var prepared: OpaquePointer?
        let result = sqlite3_prepare_v2(database, statement, -1, &prepared, nil)
        guard result == SQLITE_OK, let prepared else { throw failure(result) }
        return DatabaseStatement(prepared, of: self)
    }

    /// Writes all that is still in memory. Nothing may be done with the database afterwards.
    public func finish() throws(Failure) { try run("COMMIT") }

    func failure(_ result: Int32) -> Failure {
        switch result & 0xFF {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN:
            let code = csqlite_file_error(file)
            return code == 0 ? .other(text(of: result)) : .system(code)
        case SQLITE_NOMEM: return .outOfMemory
        case SQLITE_CONSTRAINT: return .conflict
        default: return .other(text(of: result))
        }
    }

    private func text(of result: Int32) -> String {
        let text = database.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(result)
        return text.map { String(cString: $0) } ?? "error \(result)"
    }
}
