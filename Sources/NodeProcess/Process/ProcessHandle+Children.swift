import Linux

extension ProcessHandle {
    /// Whether an idle main thread may be waiting for a child process (execSync), which looks like the event loop. Where that
    /// cannot be told, one that waits for connections too waits for no child.
    public func mayWaitForChild() -> Bool {
        guard !ProcessTree.read().children(of: pid).isEmpty else { return false }
        if let isWaiting = MainLoop.isWaiting(pid) { return !isWaiting }
        let sockets = (try? ListeningSockets.owned(by: self)) ?? []
        return (try? ListeningSockets.mainThreadWaits(on: sockets, of: self)) != true
    }
}
