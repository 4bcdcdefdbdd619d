import ELF
import Linux
import NodeProcess
import NodeStack
import SystemPackage

/// heapdump's code in a process, brought in by ptrace: two mappings, one of code and one that both sides read and write.
///
/// Each call stops one thread for some milliseconds, on a kernel thread of the caller's choice, and never two calls at once. The code runs
/// by itself afterwards: nothing that happens to heapdump leaves the process with a changed thread.
final class Visit: @unchecked Sendable {
    private let target: TargetProcess
    private let look: StackLook
    private let memory: MemoryFile
    private let path: ReturnPath
    private let image: VisitImage
    private let functions: TargetFunctions
    private let executable: String
    private var code: UInt64 = 0
    private var record: UInt64 = 0
    /// How long a thread stood for the last look at it.
    private(set) var lastStop = Duration.zero

    private var pid: Int32 { target.pid }

    /// How long a system call of ours may take in it.
    private static let patience = Duration.seconds(2)
    /// How long one of its threads may take to stop, if another will do.
    private static let littlePatience = Duration.milliseconds(100)

    /// Reads only.
    init(_ target: TargetProcess) throws {
        self.target = target
        guard VisitImage.isBuiltIn else { throw DumpFailure.refused(.ptrace, .agentNotBuilt) }
        do throws(StackFailure) {
            look = try StackLook(target)
        } catch {
            throw Self.failure(error)
        }
        let mappings: [Mapping]
        do throws(LinuxError) {
            memory = try MemoryFile(target.pid)
            mappings = try Mapping.all(of: target.pid)
        } catch {
            throw DumpFailure.process(ProcessError(error, pid: target.pid))
        }
        guard let path = ReturnPath(mappings, in: memory) else {
            throw DumpFailure.refused(.ptrace, .ptraceUnsupported(reason: "it has no C library that is known here"))
        }
        self.path = path
        image = try VisitImage()
        functions = TargetFunctions(image.imports, of: target.pid, mappings)
        executable = (try? ProcFile(target.pid, "exe").link()) ?? ""
    }

    private static func failure(_ failure: StackFailure) -> DumpFailure {
        switch failure {
        case .process(let error): .process(error)
        case .traced(_, let tracer): .refused(.ptrace, .traced(tracer))
        case .unsupported: .refused(.ptrace, .ptraceUnsupported(reason: "heapdump calls into processes on x86-64 only"))
        }
    }

    /// The kernel's id of a thread; nil for a worker that is not there, or cannot be told.
    ///
    /// The thread is looked at: the names of functions are read for that, and need not be while it stands for the fork.
    func thread(_ wanted: SnapshotRequest.Thread) -> Int32? {
        guard case .worker(let number) = wanted else {
            _ = try? look.sample(pid)
            return pid
        }
        return look.threads.first { (try? look.sample($0))?.threadID == number }
    }

    // MARK: Mappings

    /// PROT_READ, PROT_WRITE, PROT_EXEC; MAP_SHARED, MAP_PRIVATE, MAP_ANONYMOUS.
    private enum Map {
        static let read: UInt64 = 1
        static let write: UInt64 = 2
        static let execute: UInt64 = 4
        static let shared: UInt64 = 0x21
        static let own: UInt64 = 0x22
    }

    private enum Call {
        static let map = 9
        static let unmap = 11
        static let wait = 61
    }

    /// Of the process's memory that both take.
    var mappedBytes: UInt64 { code == 0 ? 0 : codeBytes + UInt64(VisitRecord.mappedBytes) }

    /// With room for the record's address at the end.
    private var codeBytes: UInt64 { UInt64(image.size + 8 + 4095) / 4096 * 4096 }

    /// Maps code and record, and writes the code.
    /// - Returns: whether a thread was found that could make the calls.
    func enter() throws -> Bool {
        try withThreadInCall { tracee in
            self.record = try self.map(&tracee, UInt64(VisitRecord.mappedBytes), Map.read | Map.write, Map.shared)
            // Last, and written at once: by its bytes the next heapdump finds both, should this one be killed.
            self.code = try self.map(&tracee, self.codeBytes, Map.read | Map.execute, Map.own)
            var bytes = try self.image.loaded(at: self.code) { self.functions[$0] }
            bytes += [UInt8](repeating: 0, count: Int(self.codeBytes) - bytes.count)
            withUnsafeBytes(of: self.record.littleEndian) { bytes.replaceSubrange((bytes.count - 8)..., with: $0) }
            // While the thread stands: a kernel may let nobody but a tracer write what is not writable.
            try self.memory.write(bytes[...], at: self.code)
        }
    }

    private func map(_ tracee: inout Tracee, _ size: UInt64, _ rights: UInt64, _ kind: UInt64) throws -> UInt64 {
        let result = try call(&tracee, Call.map, [0, size, rights, kind, ~0, 0])
        guard result > 0 else { throw Self.refused("mmap", result) }
        return UInt64(result)
    }

    /// Removes what a heapdump of the same build has left that was killed. Best effort: it does no harm.
    func removeEarlier() {
        for mapping in (try? Mapping.all(of: pid)) ?? [] where isCode(mapping) {
            guard let address = try? memory.bytes(at: mapping.addresses.upperBound - 8, count: 8),
                let record: UInt64 = LittleEndian(address)[0]
            else { continue }
            self.code = mapping.addresses.lowerBound
            self.record = record
            if let known = try? read() {
                if !known.isPending, known.state != .runs { _ = try? leave(pid) }
            } else {
                // It was killed between the two.
                self.record = 0
                _ = try? leave(pid)
            }
            self.code = 0
            self.record = 0
        }
    }

    private func isCode(_ mapping: Mapping) -> Bool {
        guard mapping.isExecutable, !mapping.isWritable, mapping.path.isEmpty,
            mapping.addresses.upperBound - mapping.addresses.lowerBound == codeBytes
        else { return false }
        // Its first bytes, relocations left out.
        return (try? memory.bytes(at: mapping.addresses.lowerBound, count: image.header.count)) == image.header
    }

    /// Removes both, if no thread is in the code any more.
    /// - Returns: whether they are gone.
    func leave(_ thread: Int32) throws -> Bool {
        guard code != 0 || record != 0 else { return true }
        if try isInside(thread) { return false }
        return try withThreadInCall { tracee in
            if self.record != 0 { try self.unmap(&tracee, self.record, UInt64(VisitRecord.mappedBytes)) }
            self.record = 0
            if self.code != 0 { try self.unmap(&tracee, self.code, self.codeBytes) }
            self.code = 0
        }
    }

    private func isInside(_ thread: Int32) throws -> Bool {
        do throws(LinuxError) {
            let stopped = try look.stop(thread)
            return (code..<code + codeBytes).contains(try stopped.tracee.registers().instructionPointer)
        } catch {
            // A worker may have ended meanwhile.
            if error.errno == .noSuchProcess { return false }
            throw DumpFailure.process(ProcessError(error, pid: pid))
        }
    }

    private func unmap(_ tracee: inout Tracee, _ place: UInt64, _ size: UInt64) throws {
        let result = try call(&tracee, Call.unmap, [place, size])
        guard result == 0 else { throw Self.refused("munmap", result) }
    }

    /// Takes the end of a child that the process does not await itself.
    /// - Parameter child: as the process numbers it.
    /// - Returns: whether a thread was found that could make the call.
    func reap(_ child: Int32) throws -> Bool {
        try withThreadInCall { tracee in
            // WNOHANG | __WALL. Whether it is one still is nothing that matters here.
            _ = try self.call(&tracee, Call.wait, [UInt64(child), 0, 1 | 0x4000_0000, 0])
        }
    }

    private func call(_ tracee: inout Tracee, _ number: Int, _ arguments: [UInt64]) throws(LinuxError) -> Int64 {
        try tracee.systemCall(number, arguments, by: path, in: memory, within: Self.patience)
    }

    private static func refused(_ call: String, _ result: Int64) -> DumpFailure {
        .refused(.ptrace, .forkRefused(step: call, errno: Int32(truncatingIfNeeded: -result)))
    }

    /// Those that wait for something anyway are asked first, the main thread last.
    private func withThreadInCall(_ body: (inout Tracee) throws -> Void) throws -> Bool {
        for thread in look.threads.reversed() where isWaiting(thread) {
            do {
                var tracee = try Tracee(stopping: thread, patience: Self.littlePatience)
                guard try tracee.isInSystemCall(memory) else { continue }
                try body(&tracee)
                return true
            } catch let error as LinuxError {
                try check(error)
            }
        }
        return false
    }

    /// A thread that has ended meanwhile, does not stop, or whose stack has no room left, is passed over.
    private func check(_ error: LinuxError) throws(DumpFailure) {
        guard [.noSuchProcess, .timedOut, .ioError].contains(error.errno) else {
            throw .process(ProcessError(error, pid: pid))
        }
    }

    /// Whether it waits in a system call, by the kernel's account: no thread has to stop for that.
    func isWaiting(_ thread: Int32) -> Bool {
        (try? ProcFile(pid, "task/\(thread)/syscall").text()).flatMap(SystemCallName.inLine) != nil
    }

    // MARK: Calls

    enum Attempt: Equatable {
        case begun
        case interruptible(String)
        case no(String)
    }

    /// Begins the fork in a thread, if it stands where that is safe. A call that V8 was asked for comes to nothing then.
    /// - Parameters:
    ///   - isCalled: whether V8 was asked to call, so that the fork may have been made meanwhile.
    ///   - isForced: whether to begin it wherever the thread stands.
    func fork(
        _ thread: Int32, _ options: ForkOptions, isCalled: Bool = false, isForced: Bool = false
    ) throws -> Attempt {
        do {
            return try forkNow(thread, options, isCalled, isForced)
        } catch let error as LinuxError {
            // A device, or a child that it is just starting, may keep it from stopping (state D).
            if error.errno == .timedOut { return .no("in the kernel, which did not let it stop") }
            if error.errno == .ioError { return .no("at the end of its stack") }
            throw DumpFailure.process(ProcessError(error, pid: pid))
        }
    }

    private func forkNow(
        _ thread: Int32, _ options: ForkOptions, _ isCalled: Bool, _ isForced: Bool
    ) throws -> Attempt {
        let function = code + (try image.offset(of: "visit_fork"))
        let start = ContinuousClock.now
        var stopped = try look.stop(thread)
        defer { lastStop = start.duration(to: .now) }
        let isInCall = try stopped.tracee.isInSystemCall(memory)
        let place = SafePoint(stopped.stack, isInCall: isInCall, executable: executable)
        switch isForced ? .safe : place {
        case .safe:
            // V8 calls in this very thread, which stands: what has not begun by now does not begin.
            if isCalled, try read().state != .notBegun { return .no("about to be forked") }
            try write(VisitRecord.asking(options, isCancelled: true))
            if options.looksFromOutside, try !giveRanges(thread) { return .no("beside a thread that runs") }
            try stopped.tracee.enter(function, [record], by: path, in: memory)
            return .begun
        case .interruptible: return .interruptible(Self.place(stopped.stack))
        case .no(let reason): return .no(reason)
        }
    }

    /// Writes what a process that has no descriptor left cannot find itself.
    /// - Returns: false if another thread runs.
    private func giveRanges(_ thread: Int32) throws -> Bool {
        guard othersSleep(thread), othersSleep(thread) else { return false }
        let ranges = try KeptFromForks.ranges(of: pid)
        guard ranges.count <= VisitRecord.mostRanges else {
            throw DumpFailure.refused(
                .ptrace,
                .ptraceUnsupported(reason: "its heap is in \(ranges.count) pieces, and it has no descriptor left"))
        }
        let words = ranges.flatMap { [$0.lowerBound, $0.upperBound] }
        let place = record + UInt64(VisitRecord.rangesOffset)
        try memory.write(words.withUnsafeBytes { Array($0) }[...], at: place)
        try set(.ranges, Int64(place))
        try set(.rangeCount, Int64(ranges.count))
        return othersSleep(thread) && othersSleep(thread)
    }

    private func othersSleep(_ thread: Int32) -> Bool {
        look.threads.allSatisfy { other in
            other == thread || (try? ProcessStat.read(pid, thread: other))?.state ?? "S" == "S"
        }
    }

    private static func place(_ stack: ThreadStack) -> String {
        stack.frames.first { $0.function != nil }.flatMap(\.function).map { "in \($0)" } ?? "in code without a name"
    }

    /// Has the thread tell its isolate.
    func findIsolate(_ thread: Int32, _ options: ForkOptions) throws {
        let function = code + (try image.offset(of: "visit_find_isolate"))
        do throws(LinuxError) {
            try write(VisitRecord.asking(options))
            let start = ContinuousClock.now
            defer { lastStop = start.duration(to: .now) }
            var tracee = try Tracee(stopping: thread, patience: Self.patience)
            try tracee.enter(function, [record], by: path, in: memory)
        } catch {
            throw DumpFailure.process(ProcessError(error, pid: pid))
        }
    }

    /// Has V8 call the fork where the thread's JavaScript can be interrupted.
    /// - Returns: whether another thread was found that could ask.
    func ask(for thread: Int32) throws -> Bool {
        let function = code + (try image.offset(of: "visit_ask"))
        for other in look.threads where other != thread && isWaiting(other) {
            do throws(LinuxError) {
                var stopped = try look.stop(other)
                guard try stopped.tracee.isInSystemCall(memory), SafePoint.isParked(stopped.stack) else { continue }
                // First the count: of a call that is still to come the next heapdump must know, should this one be killed.
                try set(.asks, read()[.asks] + 1)
                try stopped.tracee.enter(function, [record], by: path, in: memory)
                return true
            } catch {
                try check(error)
            }
        }
        return false
    }

    // MARK: Record

    func read() throws(LinuxError) -> VisitRecord {
        VisitRecord(try memory.bytes(at: record, count: VisitRecord.bytes))
    }

    func set(_ field: VisitRecord.Field, _ value: Int64) throws(LinuxError) {
        try memory.write(withUnsafeBytes(of: value.littleEndian, Array.init)[...], at: record + field.offset)
    }

    private func write(_ bytes: [UInt8]) throws(LinuxError) {
        try memory.write(
            [UInt8](repeating: 0, count: VisitRecord.texts.count)[...],
            at: record + UInt64(VisitRecord.texts.lowerBound))
        try memory.write(bytes[...], at: record)
    }
}
