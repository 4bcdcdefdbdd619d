import ELF
import Foundation
import Linux
import Testing

@testable import V8Metadata

struct V8MetadataTests {
    /// What all versions of Node from 18 to 26 tell.
    private static let symbols: [String: Int32] = [
        "TaggedSize": 8, "HeapObjectTag": 1, "SmiTag": 0, "off_fp_context_or_frame_type": -8, "off_fp_function": -16,
        "off_fp_bytecode_array": -32, "off_fp_bytecode_offset": -40, "InterpreterBytecodeArrayRegister": 12,
        "InterpreterBytecodeOffsetRegister": 9, "frametype_ExitFrame": 3, "frametype_IrregexpFrame": 29,
        "IsNotStringMask": -128, "StringRepresentationMask": 7, "StringEncodingMask": 8, "OneByteStringTag": 8,
        "SeqStringTag": 0, "ConsStringTag": 1, "ExternalStringTag": 2, "SlicedStringTag": 3, "ThinStringTag": 5,
        "class_String__length__int32_t": 12, "class_SeqOneByteString__chars__char": 16,
        "class_SeqTwoByteString__chars__char": 16, "class_ConsString__first__String": 16,
        "class_ConsString__second__String": 24, "class_SlicedString__parent__String": 16,
        "class_SlicedString__offset__SMI": 24, "class_ThinString__actual__String": 16,
        "class_ExternalString__resource__Object": 16, "type_SharedFunctionInfo__SHARED_FUNCTION_INFO_TYPE": 274,
        "type_ScopeInfo__SCOPE_INFO_TYPE": 272, "type_BytecodeArray__BYTECODE_ARRAY_TYPE": 205,
        "type_Script__SCRIPT_TYPE": 167, "type_FixedArray__FIXED_ARRAY_TYPE": 174,
        "type_InstructionStream__INSTRUCTION_STREAM_TYPE": 210,
        "class_InstructionStream__instruction_start__uintptr_t": 32,
        "class_Code__wrapper__Tagged_CodeWrapper_": 24, "class_Code__instruction_size__int": 52,
        "class_JSFunction__shared__SharedFunctionInfo": 32,
        "class_SharedFunctionInfo__name_or_scope_info__Tagged_NameOrScopeInfoT_": 24,
        "class_SharedFunctionInfo__script__Tagged_HeapObject_": 40, "class_Script__name__Object": 16,
        "class_Script__source__Object": 8, "class_Script__line_ends__Object": 56, "scopeinfo_idx_ncontextlocals": 2,
        "scopeinfo_idx_first_vars": 5, "class_BytecodeArray__data__uintptr_t": 64,
        "class_BytecodeArray__wrapper__Tagged_BytecodeWrapper_": 16, "class_Map__instance_type__uint16_t": 12,
    ]

    @Test func readsNamesThatEndInATypesName() throws {
        let metadata = try #require(V8Metadata(Self.symbols, nodeVersion: 24))
        #expect(metadata.function.nameOrScopeInfo == 24)
        #expect(metadata.function.shared == 32)
        #expect(metadata.frame.types[3] == "Exit")
        #expect(metadata.frame.types[29] == "Irregexp")
        // A mask of 16 bits, which the symbol has as a negative number.
        #expect(metadata.strings.notStringMask == 0xFF80)
        #expect(metadata.bytecode.positions == 24)
        #expect(metadata.positionForm == .withSign)
    }

    @Test func takesOneOfTwoPartsForCodeBeforeNode20() throws {
        var symbols = Self.symbols
        symbols["type_InstructionStream__INSTRUCTION_STREAM_TYPE"] = nil
        symbols["type_Code__CODE_TYPE"] = 240
        symbols["class_Code__instruction_start__uintptr_t"] = 128
        let code = try #require(V8Metadata(symbols, nodeVersion: 18)).code
        #expect(code.streamType == 240)
        #expect(code.code == nil)
        #expect(code.instructions == 128)
    }

    @Test func knowsTheFormOfPositionsOfNode25() {
        #expect(V8Metadata(Self.symbols, nodeVersion: 25)?.positionForm == .withTwoBits)
    }

    /// Whichever is missing, nothing is guessed in its place.
    @Test func saysNothingWhereASymbolIsMissing() {
        let optional: Set<String> = [
            "frametype_ExitFrame", "frametype_IrregexpFrame", "class_Code__wrapper__Tagged_CodeWrapper_",
            "class_Code__instruction_size__int", "class_BytecodeArray__wrapper__Tagged_BytecodeWrapper_",
            "type_FixedArray__FIXED_ARRAY_TYPE", "type_InstructionStream__INSTRUCTION_STREAM_TYPE",
        ]
        for name in Self.symbols.keys where !optional.contains(name) {
            var symbols = Self.symbols
            symbols[name] = nil
            #expect(V8Metadata(symbols, nodeVersion: 24) == nil, "\(name)")
        }
    }

    @Test(arguments: [("TaggedSize", 4), ("HeapObjectTag", 3), ("InterpreterBytecodeArrayRegister", 3)])
    func takesNoOtherKindOfV8(_ name: String, _ value: Int32) {
        #expect(V8Metadata(Self.symbols.merging([name: value]) { $1 }, nodeVersion: 24) == nil)
    }
}
