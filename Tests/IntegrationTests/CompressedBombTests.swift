import Foundation
import Testing

/// Compressed files that hold any amount of what their headers tell nothing of: the analyses end with a message, before the kernel
/// ends them.
struct CompressedBombTests {
    private struct Bomb: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// A shell's, which writes the document.
        let script: String

        /// - Parameters:
        ///   - nodes: the rows of all, in a shell's words.
        ///   - locations: likewise.
        ///   - strings: likewise.
        init(
            _ description: String, count: Int = 1, nodes: String = "", locations: String = "", strings: String = ""
        ) {
            let meta =
                #"{"node_fields":["type","name","id","self_size","edge_count","detachedness"],"node_types":[["synthetic","#
                + #""native"],"string","number","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"#
                + #""edge_types":[["property"],"string_or_number","node"],"location_fields":["object_index","script_id","#
                + #""line","column"]}"#
            testDescription = description
            script = """
                echo '{"snapshot":{"meta":\(meta),"node_count":\(count),"edge_count":0},"nodes":[0,0,1,0,0,0'; \(nodes)
                echo '],"edges":[],"locations":[0,1,0,0'; \(locations)
                echo '],"strings":[""'; \(strings)
                echo ']}'
                """
        }
    }

    private static let bombs = [
        Bomb("a long string", strings: #"printf ',"'; head -c 400M /dev/zero | tr '\0' x; printf '"'"#),
        Bomb("many strings", strings: #"yes ',"ab"' | head -n 50000000"#),
        Bomb("many places", locations: "seq -f ',0,1,%.0f,1' 10000000"),
        Bomb(
            "nodes whose figures are large", count: 800_001,
            nodes: "seq -f ',1,0,%.0f00000000007,65536,0,2' 800000"),
    ]

    @Test(arguments: bombs)
    private func endWithoutMemory(bomb: Bomb) throws {
        try LimitedGroup.with { group in
            try TemporaryDirectory.with { directory in
                try shell("{ \(bomb.script); } | gzip -1 >bomb.gz", in: directory)
                try group.limitMemory(to: 96 << 20)
                for command in [
                    ["summary", "bomb.gz"], ["report", "bomb.gz", "-o", "page"], ["show", "bomb.gz", "@1"],
                ] {
                    try expectRefusal(command, group, directory)
                }
                #expect(directory.contents == ["bomb.gz"])
            }
        }
    }

    /// The file says how large a window it takes, which is 128 MiB at most.
    @Test func asksBeforeItTakesALargeWindow() throws {
        if try Command(["sh", "-c", "command -v zstd"]).run().ending != .exited(0) {
            try Test.cancel("zstd is not installed")
        }
        try LimitedGroup.with { group in
            try TemporaryDirectory.with { directory in
                let small = Bomb("small", strings: #"yes ',"ab"' | head -n 1000"#)
                try shell("{ \(small.script); } | zstd -q --long=27 >bomb.zst", in: directory)
                try Heapdump.run(["summary", "bomb.zst"], in: directory).expect(exit: 0)
                try group.limitMemory(to: 96 << 20)
                try expectRefusal(
                    ["summary", "bomb.zst"], group, directory, saying: "not enough memory to decompress it")
            }
        }
    }

    /// Who forces it has it tried.
    @Test func goesOnWhereItIsForced() throws {
        try TemporaryDirectory.with { directory in
            let small = Bomb("small", strings: #"yes ',"ab"' | head -n 1000"#)
            try shell("{ \(small.script); } | gzip -1 >small.gz", in: directory)
            try Heapdump.run(["summary", "small.gz", "--force-memory"], in: directory).expect(exit: 0)
        }
    }

    private func expectRefusal(
        _ command: [String], _ group: LimitedGroup, _ directory: TemporaryDirectory,
        saying words: String = "to analyse it takes more memory than there is"
    ) throws {
        let run = try Command(group.launcher + [Heapdump.binary] + command, in: directory.path).run(
            within: .seconds(100))
        run.expect(exit: 72)
        run.expect(saying: "heapdump: \(command[1]): ", words, "--force-memory")
        #expect(run.stdout.isEmpty && group.kills == 0, "\(run)")
    }

    private func shell(_ script: String, in directory: TemporaryDirectory) throws {
        try Command(["sh", "-c", script], in: directory.path).run(within: .seconds(200)).expect(exit: 0)
    }
}
