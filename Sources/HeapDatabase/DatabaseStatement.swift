import CSQLite

/// An INSERT with parameters, which are numbered from 1.
public final class DatabaseStatement {
    private let statement: OpaquePointer
    private let database: DatabaseFile

    /// SQLite copies the text.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    private static let empty: StaticString = ""

    init(_ statement: OpaquePointer, of database: DatabaseFile) {
        self.statement = statement
        self.database = database
    }

    deinit {
        sqlite3_finalize(statement)
    }

    public func bind(_ place: Int32, _ number: Int64) { sqlite3_bind_int64(statement, place, number) }

    /// SQLite's integers have a sign: numbers from 2^63 up, which no snapshot of V8's has, become negative.
    public func bind(_ place: Int32, _ number: UInt64) { bind(place, Int64(bitPattern: number)) }

    public func bind(_ place: Int32, _ number: Double) { sqlite3_bind_double(statement, place, number) }

    public func bindNull(_ place: Int32) { sqlite3_bind_null(statement, place) }

    /// - Parameter text: UTF-8, which stays as it is until the row is inserted.
    public func bind(_ place: Int32, _ text: UnsafeBufferPointer<UInt8>) {
        let start = text.baseAddress ?? Self.empty.utf8Start
        sqlite3_bind_text64(statement, place, start, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
    }

    public func bind(_ place: Int32, _ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let start = bytes.baseAddress ?? Self.empty.utf8Start
            _ = sqlite3_bind_text64(statement, place, start, UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
        }
    }

    /// nil is SQL's NULL.
    public func bind(_ place: Int32, _ text: String?) {
        if let text { bind(place, text) } else { bindNull(place) }
    }

    public func bind(_ place: Int32, _ number: UInt64?) {
        if let number { bind(place, number) } else { bindNull(place) }
    }

    public func insert() throws(DatabaseFile.Failure) {
        let result = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard result == SQLITE_DONE else { throw database.failure(result) }
    }
}
