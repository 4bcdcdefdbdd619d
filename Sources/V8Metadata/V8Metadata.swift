package import ELF
package import SystemPackage

/// How V8 lays out what a debugger has to find in its heap and on its stacks, as the executable itself tells by its `v8dbg_`
/// symbols (V8's tools/gen-postmortem-metadata.py). Offsets are in bytes from an object's begin; those of frames from the frame
/// pointer.
package struct V8Metadata: Sendable, Equatable {
    package struct Frame: Sendable, Equatable {
        package let contextOrType: Int
        package let function: Int
        package let bytecodeArray: Int
        package let bytecodeOffset: Int
        /// The interpreter's registers, as DWARF counts them: the bytecode, and the offset in it.
        package let bytecodeArrayRegister, bytecodeOffsetRegister: Int
        /// Names of frames that are no function's, without `Frame`: `Exit`, `Irregexp`.
        package let types: [UInt64: String]
    }

    package struct Strings: Sendable, Equatable {
        package let notStringMask: UInt16
        package let representationMask: UInt16
        package let oneByteMask: UInt16
        package let oneByteTag: UInt16
        package let sequential, cons, external, sliced, thin: UInt16
        package let length: Int
        package let oneByteCharacters, twoByteCharacters: Int
        package let consFirst, consSecond: Int
        package let slicedParent, slicedOffset: Int
        package let thinActual: Int
        package let externalResource: Int
    }

    package struct Types: Sendable, Equatable {
        package let sharedFunctionInfo: UInt16
        package let scopeInfo: UInt16
        package let bytecodeArray: UInt16
        /// Of any kind that compiled code keeps its data in.
        package let arrays: Set<UInt16>
        package let script: UInt16
    }

    package struct Function: Sendable, Equatable {
        /// Of a JSFunction.
        package let shared: Int
        /// Of a SharedFunctionInfo.
        package let nameOrScopeInfo, script: Int
        /// Of the DebugInfo that stands for the script while a debugger is at the function (debug-objects.tq): its first field.
        package let debuggedShared = 8
    }

    package struct Script: Sendable, Equatable {
        package let name, source, lineEnds: Int
    }

    package struct Scope: Sendable, Equatable {
        /// Elements of a ScopeInfo, by index.
        package let localCount, firstLocal: Int
    }

    package struct Bytecode: Sendable, Equatable {
        /// Where the instructions begin.
        package let data: Int
        /// Where the table of source positions is.
        package let positions: Int
    }

    /// Compiled code: instructions, and before them an object that describes them. Since V8 11 (Node 20) that object is in two
    /// parts, InstructionStream and Code.
    package struct Code: Sendable, Equatable {
        /// The instance type of the part that the instructions lie in.
        package let streamType: UInt16
        /// Where in it the instructions begin, and where it names the other part; nil where it is in one.
        package let instructions: Int
        package let code: Int?
        /// How many bytes of instructions there are, of 32 bits; nil where no symbol tells.
        package let size: Int?
        /// What kind of code it is, of 32 bits; nil where frames say of regular expressions what they are.
        package let flags: Int?
        package let kindMask: UInt32
        package let regularExpressionKind: UInt32 = 3
        /// Of the part that describes them (code.h).
        package let deoptimization, positions: Int
        /// Elements of the deoptimization data, by index.
        package let inlinedCount, literals, inliningPositions: Int
    }

    /// How tables of source positions say what kind of position each is (source-position-table.cc).
    package enum PositionForm: Sendable, Equatable {
        /// By the sign of the code's offset.
        case withSign
        /// By two bits below it: since V8 14, in Node 25.
        case withTwoBits
    }

    package let frame: Frame
    package let code: Code
    package let strings: Strings
    package let types: Types
    package let function: Function
    package let script: Script
    package let scope: Scope
    package let bytecode: Bytecode
    package let positionForm: PositionForm
    /// nil where the executable is stripped: no exported symbol tells.
    package private(set) var bytecodeSizes: BytecodeSizes?
    /// Of a map.
    package let instanceType: Int

    /// - Returns: nil where the file tells too little, as one that is not Node's does, or where V8 compresses its pointers.
    /// - Parameter nodeVersion: the major one, by which goes what no symbol tells; nil if it is not known.
    package init?(_ image: borrowing ELFImage, nodeVersion: Int?) throws(Errno) {
        self.init(try NumberSymbols.read(image, prefix: "v8dbg_"), nodeVersion: nodeVersion)
        bytecodeSizes = try BytecodeSizes(image)
    }

    /// - Parameter symbols: by their names without `v8dbg_`.
    package init?(_ symbols: [String: Int32], nodeVersion: Int?) {
        let reader = SymbolReader(symbols)
        guard reader["TaggedSize"] == 8, reader["HeapObjectTag"] == 1, reader["SmiTag"] == 0,
            let frame = Frame(reader), let code = Code(reader), let strings = Strings(reader),
            let types = Types(reader),
            let shared = reader.field("JSFunction", "shared"),
            let nameOrScopeInfo = reader.field("SharedFunctionInfo", "name_or_scope_info"),
            let functionScript = reader.field("SharedFunctionInfo", "script")
                ?? reader.field("SharedFunctionInfo", "script_or_debug_info"),
            let name = reader.field("Script", "name"), let source = reader.field("Script", "source"),
            let lineEnds = reader.field("Script", "line_ends"),
            let localCount = reader["scopeinfo_idx_ncontextlocals"],
            let firstLocal = reader["scopeinfo_idx_first_vars"],
            let data = reader.field("BytecodeArray", "data"), let instanceType = reader.field("Map", "instance_type")
        else { return nil }
        self.frame = frame
        self.code = code
        self.strings = strings
        self.types = types
        self.instanceType = instanceType
        positionForm = (nodeVersion ?? 0) >= 25 ? .withTwoBits : .withSign
        function = Function(shared: shared, nameOrScopeInfo: nameOrScopeInfo, script: functionScript)
        script = Script(name: name, source: source, lineEnds: lineEnds)
        scope = Scope(localCount: localCount, firstLocal: firstLocal)
        // No symbol tells it. Since V8 12 there is a wrapper before it (bytecode-array.h); before, two other tables.
        bytecode = Bytecode(data: data, positions: reader.field("BytecodeArray", "wrapper") == nil ? 32 : 24)
    }
}

/// Symbols by parts of their names: what they end in, a type's name, changes with V8's versions.
struct SymbolReader {
    private let symbols: [String: Int32]
    /// By `Class__field`.
    private let fields: [String: Int]

    init(_ symbols: [String: Int32]) {
        self.symbols = symbols
        var fields: [String: Int] = [:]
        for (name, value) in symbols where name.hasPrefix("class_") {
            let parts = name.dropFirst("class_".count).split(separator: "_", omittingEmptySubsequences: false)
            // class_SharedFunctionInfo__name_or_scope_info__Object: an empty part stands between two underscores.
            let pieces = parts.split(separator: "").map { $0.joined(separator: "_") }
            guard pieces.count >= 2 else { continue }
            fields[pieces[0] + "__" + pieces[1]] = Int(value)
        }
        self.fields = fields
    }

    subscript(name: String) -> Int? { symbols[name].map { Int($0) } }

    func field(_ type: String, _ name: String) -> Int? { fields[type + "__" + name] }

    /// The number of an instance type, by the class's name: `type_Script__SCRIPT_TYPE`.
    func type(_ name: String) -> UInt16? {
        symbols.first { $0.key.hasPrefix("type_\(name)__") }.flatMap { UInt16(exactly: $0.value) }
    }

    /// A mask or tag of instance types, of which a map has 16 bits.
    func tag(_ name: String) -> UInt16? { symbols[name].map { UInt16(truncatingIfNeeded: $0) } }

    var frameTypes: [UInt64: String] {
        var types: [UInt64: String] = [:]
        for (name, value) in symbols where name.hasPrefix("frametype_") {
            guard let value = UInt64(exactly: value), name.hasSuffix("Frame") else { continue }
            types[value] = String(name.dropFirst("frametype_".count).dropLast("Frame".count))
        }
        return types
    }
}

extension V8Metadata.Frame {
    init?(_ reader: SymbolReader) {
        guard let contextOrType = reader["off_fp_context_or_frame_type"], let function = reader["off_fp_function"],
            let bytecodeArray = reader["off_fp_bytecode_array"], let bytecodeOffset = reader["off_fp_bytecode_offset"],
            let arrayRegister = reader["InterpreterBytecodeArrayRegister"], (8..<16).contains(arrayRegister),
            let offsetRegister = reader["InterpreterBytecodeOffsetRegister"], (8..<16).contains(offsetRegister)
        else { return nil }
        self.init(
            contextOrType: contextOrType, function: function, bytecodeArray: bytecodeArray,
            bytecodeOffset: bytecodeOffset,
            // From r8 on the processor counts as DWARF does.
            bytecodeArrayRegister: arrayRegister, bytecodeOffsetRegister: offsetRegister, types: reader.frameTypes)
    }
}

extension V8Metadata.Code {
    init?(_ reader: SymbolReader) {
        // No symbol tells the rest of it (code.h, deoptimization-data.h).
        if let streamType = reader.type("InstructionStream") {
            guard let instructions = reader.field("InstructionStream", "instruction_start") else { return nil }
            let isIndirect = reader.field("Code", "wrapper") != nil
            self.init(
                streamType: streamType, instructions: instructions, code: 8,
                size: reader.field("Code", "instruction_size"), flags: nil, kindMask: 0,
                deoptimization: isIndirect ? 8 : 16,
                positions: isIndirect ? 16 : 24,
                inlinedCount: reader["DeoptimizationDataInlinedFunctionCountIndex"] ?? 1,
                literals: reader["DeoptimizationDataLiteralArrayIndex"] ?? 2,
                inliningPositions: reader["DeoptimizationDataInliningPositionsIndex"] ?? 7)
        } else {
            guard let streamType = reader.type("Code"), let instructions = reader.field("Code", "instruction_start")
            else {
                return nil
            }
            self.init(
                streamType: streamType, instructions: instructions, code: nil,
                size: reader.field("Code", "instruction_size"), flags: reader.field("Code", "flags"),
                kindMask: UInt32(reader["CodeKindFieldMask"] ?? 0), deoptimization: 16, positions: 24,
                inlinedCount: 1, literals: 2, inliningPositions: 7)
        }
    }
}

extension V8Metadata.Strings {
    init?(_ reader: SymbolReader) {
        guard let notStringMask = reader.tag("IsNotStringMask"),
            let representationMask = reader.tag("StringRepresentationMask"),
            let oneByteMask = reader.tag("StringEncodingMask"), let oneByteTag = reader.tag("OneByteStringTag"),
            let sequential = reader.tag("SeqStringTag"), let cons = reader.tag("ConsStringTag"),
            let external = reader.tag("ExternalStringTag"), let sliced = reader.tag("SlicedStringTag"),
            let thin = reader.tag("ThinStringTag"), let length = reader.field("String", "length"),
            let oneByte = reader.field("SeqOneByteString", "chars"),
            let twoByte = reader.field("SeqTwoByteString", "chars"),
            let first = reader.field("ConsString", "first"), let second = reader.field("ConsString", "second"),
            let parent = reader.field("SlicedString", "parent"), let offset = reader.field("SlicedString", "offset"),
            let actual = reader.field("ThinString", "actual"),
            let resource = reader.field("ExternalString", "resource")
        else { return nil }
        self.init(
            notStringMask: notStringMask, representationMask: representationMask, oneByteMask: oneByteMask,
            oneByteTag: oneByteTag, sequential: sequential, cons: cons, external: external, sliced: sliced, thin: thin,
            length: length, oneByteCharacters: oneByte, twoByteCharacters: twoByte, consFirst: first,
            consSecond: second, slicedParent: parent, slicedOffset: offset, thinActual: actual,
            externalResource: resource)
    }
}

extension V8Metadata.Types {
    init?(_ reader: SymbolReader) {
        guard let shared = reader.type("SharedFunctionInfo"), let scope = reader.type("ScopeInfo"),
            let bytecode = reader.type("BytecodeArray"), let script = reader.type("Script")
        else { return nil }
        let arrays = ["FixedArray", "TrustedFixedArray", "ProtectedFixedArray"].compactMap { reader.type($0) }
        self.init(
            sharedFunctionInfo: shared, scopeInfo: scope, bytecodeArray: bytecode, arrays: Set(arrays), script: script)
    }
}
