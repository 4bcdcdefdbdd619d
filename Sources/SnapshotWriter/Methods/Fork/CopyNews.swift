/// How it goes with the copies of a dump, one after another.
protocol CopyNews: AnyObject {
    /// Readable when there may be news; nil once nothing more comes.
    var descriptor: Int32? { get }
    /// Nothing more comes.
    var isClosed: Bool { get }
    /// The oldest that has not been taken; nil if there is none now.
    func next() -> AgentStatus?
    /// No other copy is wanted.
    func giveUp()
}

extension AgentStatusPipe: CopyNews {
    /// The agent makes none once the present one is killed.
    func giveUp() {}
}
