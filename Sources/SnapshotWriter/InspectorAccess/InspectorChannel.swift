import Inspector

/// What carries commands to an inspector, and its answers back. A session does.
protocol InspectorChannel: AnyObject {
    /// Readable while `next` has something to give.
    var descriptor: Int32 { get }
    /// What `next` has taken so far, in bytes.
    var bytesTaken: UInt64 { get }
    /// The oldest message that has not been taken, nil if there is none now. Once it has thrown, the session is over.
    func next() throws(InspectorError) -> InspectorMessage?
    /// - Returns: the number that the answer carries.
    @discardableResult
    func send(_ method: String, parameters: String) -> Int
    @discardableResult
    func evaluate(_ expression: String, inWorker worker: String?, hasRequire: Bool) throws(InspectorError) -> Int
    /// Lets go of the connection without a word.
    func abandon()
    func close()
}

extension InspectorChannel {
    @discardableResult
    func send(_ method: String) -> Int { send(method, parameters: "{}") }

    @discardableResult
    func evaluate(_ expression: String, hasRequire: Bool) throws(InspectorError) -> Int {
        try evaluate(expression, inWorker: nil, hasRequire: hasRequire)
    }
}

extension InspectorSession: InspectorChannel {}
