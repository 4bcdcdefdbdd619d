/// Who closes an inspector that this run opened, should heapdump end before it could.
protocol Guardian: AnyObject {
    /// To be called right before the signal is sent.
    func announceSignal()
    /// From here on its work is done once this socket is gone, whoever closed it.
    func announceOpened(inode: UInt64)
    /// Has it hold a connection to the inspector as well: a session that ends right before the inspector is closed has crashed
    /// Node 18 to 24, and this one would end with heapdump.
    func entrust(_ connection: Int32)
    /// The inspector is closed. Node has SIGUSR1 open it twice, by an interrupt of JavaScript and in the event loop
    /// (RequestIoThreadStart in src/inspector_agent.cc); in a process that was busy, the second is still to come.
    func announceClosed()
    /// The inspector is closed: the guardian ends at once.
    func dismiss()
    /// From here on closing the inspector is the guardian's alone.
    func takeOver()
}
