import CLibunwind
import Linux

/// From a stopped thread's registers to its frames, innermost first. Native code is unwound by libunwind; V8's own code has no
/// tables and keeps frame pointers.
final class Unwinder {
    private let code: CodeMap
    private let memory: ProcessMemory
    private let space: UnsafeMutableRawPointer
    /// When reading ends. Tables can have loops, and belong to the process.
    private var end = ContinuousClock.now

    /// Of one stack.
    static let mostFrames = 2000

    /// nil if memory is short, or on an architecture that this cannot unwind.
    init?(_ code: CodeMap, _ memory: ProcessMemory) {
        guard let space = clibunwind_open() else { return nil }
        self.space = space
        self.code = code
        self.memory = memory
    }

    deinit { clibunwind_close(space) }

    struct Frame {
        let registers: Registers
        /// Whether the instruction pointer is where a call returns to, and not what the thread is about to do.
        let isReturn: Bool
        /// Whether tables say how to unwind it: C and C++, that is.
        var isNative = false
        /// Whether the function has not made its frame yet, or has undone it: the frame pointer is its caller's.
        var isUnfinished = false

        /// An address in the code that the frame is at.
        var code: UInt64 { registers.instructionPointer &- (isReturn ? 1 : 0) }
    }

    /// - Parameter end: when to stop, with the frames that there are by then.
    /// - Returns: the frames, and whether the last is the thread's first.
    func frames(
        from registers: Registers, until end: ContinuousClock.Instant
    ) -> (frames: [Frame], isComplete: Bool) {
        self.end = end
        var frames: [Frame] = []
        var frame = Frame(registers: registers, isReturn: false)
        while frames.count < Self.mostFrames, ContinuousClock.now < end {
            var next = frame.registers
            let step = step(&next, isReturn: frame.isReturn)
            frame.isNative = step.hasTable
            let unfinished = step.hasTable || frame.isReturn ? nil : unfinishedFrame(frame.registers)
            frame.isUnfinished = unfinished != nil
            frames.append(frame)
            if step.result == CLIBUNWIND_OUTERMOST { return (frames, true) }
            var isSignal = step.isSignal
            if step.result != CLIBUNWIND_STEPPED {
                isSignal = false
                guard
                    let caller = isWithoutTables(frame.code)
                        ? searchCaller(frame) : unfinished ?? followFramePointer(frame)
                else { return (frames, false) }
                next = caller
            }
            // The stack grows down: whatever does not come closer to its begin would never end.
            guard next.stackPointer > frame.registers.stackPointer, code.isCode(next.instructionPointer) else {
                return (frames, next.instructionPointer == 0)
            }
            frame = Frame(registers: next, isReturn: !isSignal)
        }
        return (frames, false)
    }

    private func step(
        _ registers: inout Registers, isReturn: Bool
    ) -> (result: clibunwind_result, hasTable: Bool, isSignal: Bool) {
        var process = clibunwind_process(
            context: Unmanaged.passUnretained(self).toOpaque(),
            read: { context, address, word in
                guard let context, let word else { return -1 }
                let unwinder = Unmanaged<Unwinder>.fromOpaque(context).takeUnretainedValue()
                guard ContinuousClock.now < unwinder.end, let value = unwinder.memory.word(at: address) else {
                    return -1
                }
                word.pointee = value
                return 0
            },
            find_table: { context, address, table in
                guard let context, let table else { return -1 }
                let unwinder = Unmanaged<Unwinder>.fromOpaque(context).takeUnretainedValue()
                guard let found = unwinder.code.image(at: address)?.table else { return -1 }
                table.pointee = found
                return 0
            })
        var isSignal: Int32 = 0
        let result = registers.words.withUnsafeMutableBufferPointer {
            clibunwind_step(space, &process, $0.baseAddress, isReturn ? 1 : 0, &isSignal)
        }
        let hasTable = result == CLIBUNWIND_STEPPED || result == CLIBUNWIND_OUTERMOST
        return (result, hasTable, isSignal != 0)
    }

    /// A frame that begins as V8's do: the caller's frame pointer, and above it the address to return to.
    private func followFramePointer(_ frame: Frame) -> Registers? {
        var caller = frame.registers
        let pointer = frame.registers.framePointer
        guard pointer % 8 == 0, pointer >= frame.registers.stackPointer, let saved = memory.word(at: pointer),
            let address = memory.word(at: pointer &+ 8)
        else { return nil }
        caller.framePointer = saved
        caller.stackPointer = pointer &+ 16
        caller.instructionPointer = address
        return caller
    }

    /// The innermost function may be about to make its frame (push rbp; mov rbp, rsp), or have undone it (ret).
    private func unfinishedFrame(_ registers: Registers) -> Registers? {
        let place = registers.instructionPointer
        guard let bytes = memory.bytes(at: place &- 1, count: 5) else { return nil }
        let depth: UInt64
        if bytes[1] == 0x55, bytes[2...].starts(with: [0x48, 0x89, 0xE5]) || bytes[1] == 0xC3 {
            depth = 0
        } else if bytes[1] == 0xC3 || bytes[1] == 0xC2 {
            depth = 0
        } else if bytes[0] == 0x55, bytes[1...].starts(with: [0x48, 0x89, 0xE5]) {
            depth = 8
        } else {
            return nil
        }
        guard let address = memory.word(at: registers.stackPointer &+ depth), code.isCode(address) else { return nil }
        var caller = registers
        caller.stackPointer = registers.stackPointer &+ depth &+ 8
        caller.instructionPointer = address
        return caller
    }

    /// Of a library without frame pointers: V8's own code is not in libraries, except for Node's.
    private func isWithoutTables(_ address: UInt64) -> Bool {
        code.image(at: address).map { !code.isEngine($0) } ?? false
    }

    /// How much of a stack is searched, in words.
    private static let searchedWords: UInt64 = 512

    /// The nearest address on the stack that a call from another image returns to, and that has callers itself: others are left from
    /// earlier calls.
    private func searchCaller(_ frame: Frame) -> Registers? {
        let own = code.image(at: frame.code)?.path
        let start = frame.registers.stackPointer / 8 * 8
        for place in stride(from: start, to: start &+ Self.searchedWords * 8, by: 8) {
            guard let address = memory.word(at: place) else { return nil }
            guard let image = code.image(at: address), image.path != own, followsCall(address) else { continue }
            var caller = frame.registers
            caller.stackPointer = place &+ 8
            caller.instructionPointer = address
            caller.framePointer = framePointer(of: caller, savedBetween: start, and: place)
            if leadsOn(caller) { return caller }
        }
        return nil
    }

    /// Whether a frame has callers, several of them or the thread's first: one that is made up has none.
    private func leadsOn(_ frame: Registers) -> Bool {
        var registers = frame
        for steps in 0..<3 {
            let before = registers.stackPointer
            let result = step(&registers, isReturn: true).result
            if result == CLIBUNWIND_OUTERMOST { return true }
            // Where V8's own frames begin.
            if result == CLIBUNWIND_NO_TABLE { return steps > 0 }
            guard result == CLIBUNWIND_STEPPED, registers.stackPointer > before,
                code.isCode(registers.instructionPointer),
                followsCall(registers.instructionPointer)
            else { return false }
        }
        return true
    }

    /// What a function of the library has saved of its caller's frame pointer, if it has used the register itself.
    private func framePointer(of caller: Registers, savedBetween start: UInt64, and end: UInt64) -> UInt64 {
        func fits(_ value: UInt64) -> Bool {
            guard value % 8 == 0, value >= caller.stackPointer, value - caller.stackPointer < 1 << 16,
                let address = memory.word(at: value &+ 8)
            else { return false }
            return code.isCode(address) && followsCall(address)
        }
        if fits(caller.framePointer) { return caller.framePointer }
        let saved = stride(from: start, to: end, by: 8).compactMap { memory.word(at: $0) }
        return saved.last(where: fits) ?? caller.framePointer
    }

    /// Whether the instruction before is a call: to a relative address, or through a register or memory.
    private func followsCall(_ address: UInt64) -> Bool {
        guard let bytes = memory.bytes(at: address &- 7, count: 7) else { return false }
        if bytes[2] == 0xE8 { return true }
        // FF, then a byte whose middle three bits are 2; what it addresses makes it 2 to 7 bytes long.
        return (0...5).contains { bytes[$0] == 0xFF && bytes[$0 + 1] >> 3 & 7 == 2 }
    }
}
