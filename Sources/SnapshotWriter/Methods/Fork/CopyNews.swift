import NodeProcess

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
    /// That of a copy which the agent has made.
    static func open(_ copy: any CopyProcess, _ answer: AgentAnswer) throws(ProcessError) -> any CopyNews {
        AgentStatusPipe(try copy.openPipe(answer.status ?? -1, forWriting: false))
    }

    /// The agent makes none once the present one is killed.
    func giveUp() {}
}
