import Foundation
import Testing

/// The analyses on valid files of no program's: whatever the numbers and shapes in there, they end in time.
struct HostileAnalysisTests {
    private struct Attack: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let build: @Sendable (inout HostileSnapshot) -> Void

        init(_ description: String, _ build: @escaping @Sendable (inout HostileSnapshot) -> Void) {
            testDescription = description
            self.build = build
        }
    }

    private static let count = 30_000

    private static let attacks = [
        Attack("places at the end of numbers") { heap in
            let most = Int(UInt32.max)
            heap.place(heap.hold(.closure, "f"), script: 18, line: 0, column: most)
            heap.place(heap.hold(.closure, "g"), script: most, line: most, column: most)
            heap.place(heap.hold(.object, "C"), script: most, line: most, column: most)
        },
        Attack("a store that counts twice") { heap in
            let array = heap.hold(.object, "Array", 1)
            heap.link(array, heap.add(.string, "text", 1 << 40), "elements", .internal)
        },
        Attack("concatenated strings of empty parts") { heap in
            let empty = heap.hold(.string, "")
            var last = heap.hold(.string, "a")
            for _ in 0..<count {
                let cons = heap.hold(.concatenated, "")
                heap.link(cons, last, "first", .internal)
                heap.link(cons, empty, "second", .internal)
                last = cons
            }
            for number in 0..<count / 10 {
                let cons = heap.hold(.concatenated, "")
                heap.link(cons, last, "first", .internal)
                heap.link(cons, heap.add(.string, "\(number)"), "second", .internal)
            }
        },
        Attack("a concatenated string with many edges, in thousands of others") { heap in
            let inner = heap.hold(.concatenated, "")
            for _ in 0..<count { heap.link(inner, heap.global, "p", .property) }
            heap.link(inner, heap.hold(.string, "a"), "first", .internal)
            heap.link(inner, heap.hold(.string, "b"), "second", .internal)
            for number in 0..<count {
                let cons = heap.hold(.concatenated, "")
                heap.link(cons, inner, "first", .internal)
                heap.link(cons, heap.add(.string, "\(number)"), "second", .internal)
            }
        },
        Attack("concatenated strings that double") { heap in
            var last = heap.hold(.string, "a")
            for _ in 0..<count {
                let cons = heap.hold(.concatenated, "")
                heap.link(cons, last, "first", .internal)
                heap.link(cons, last, "second", .internal)
                last = cons
            }
        },
        Attack("a list whose last member holds what its first one does") { heap in
            var last = heap.global
            for _ in 0..<count * 2 {
                let next = heap.add(.object, "Link")
                heap.link(last, next, 1, .element)
                last = next
            }
            for _ in 0..<count * 2 { heap.link(last, heap.hold(.object, "Shared"), 1, .element) }
        },
        Attack("objects behind one that many edges lead to") { heap in
            let hub = heap.add(.object, "Hub")
            heap.link(heap.global, hub, "hub", .internal)
            for _ in 0..<count { heap.link(heap.hold(.object, "Other"), hub, 1, .element) }
            for _ in 0..<count { heap.link(hub, heap.add(.object, "Target"), 1, .element) }
        },
        Attack("objects that are each held in another way") { heap in
            for number in 0..<count { heap.link(heap.global, heap.add(.object, "Target"), "p\(number)") }
        },
        Attack("a function in many places, with many edges") { heap in
            let closure = heap.hold(.closure, "f")
            for line in 0..<count {
                heap.link(closure, heap.global, "v", .context)
                heap.place(closure, script: line, line: line)
            }
        },
        Attack("functions that share what has many edges") { heap in
            let shared = heap.hold(.code, "shared")
            for _ in 0..<count { heap.link(shared, heap.global, "v", .internal) }
            for line in 0..<count {
                let closure = heap.hold(.closure, "f")
                heap.link(closure, shared, "shared", .internal)
                heap.place(closure, script: line, line: line)
            }
        },
        Attack("strings that were cut and share what has many edges") { heap in
            let mark = heap.hold(.number, "bool")
            for _ in 0..<count { heap.link(mark, heap.global, "v", .internal) }
            heap.link(mark, heap.add(.string, "true"), "value", .internal)
            for number in 0..<count { heap.link(heap.hold(.string, "\(number)"), mark, "truncated", .internal) }
        },
        Attack("strings that begin alike and were cut") { heap in
            let mark = heap.hold(.number, "bool")
            heap.link(mark, heap.add(.string, "true"), "value", .internal)
            for number in 0..<count {
                let string = heap.hold(.string, String(repeating: "same", count: 256))
                let hash = heap.add(.number, "int")
                heap.link(string, mark, "truncated", .internal)
                heap.link(string, hash, "hash", .internal)
                heap.link(hash, heap.add(.string, "\(number)"), "value", .internal)
            }
        },
        Attack("plain objects that have all properties of hundreds of interfaces") { heap in
            var random = Random(state: 7)
            let names = (0..<60).map { String(UnicodeScalar(UInt8(48 + $0))) }.filter { $0 != "\\" }
            let lists = (0..<200).map { _ in Array(names.shuffled(using: &random).prefix(38)) }
            for number in 0..<count / 10 {
                let object = heap.hold(.object, "Object")
                let list = lists[number % lists.count]
                let others = names.filter { !list.contains($0) }.shuffled(using: &random)
                for name in list + others { heap.link(object, heap.global, name) }
            }
        },
        Attack("detached nodes in a ring") { heap in
            var last = heap.global
            for number in 0..<count {
                let node = heap.add(.native, number % 2 == 0 ? "<div id=\\\"\(number)\\\">" : "N", isDetached: true)
                heap.link(last, node, "next")
                last = node
            }
            heap.link(last, heap.global, "next")
        },
        Attack("millions of edges from one object to another") { heap in
            let (one, other) = (heap.hold(.object, "One"), heap.hold(.object, "Other"))
            for _ in 0..<count * 10 { heap.link(one, other, 1, .element) }
        },
    ]

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test(arguments: attacks)
    private func endsInTime(attack: Attack) throws {
        try TemporaryDirectory.with { directory in
            var heap = HostileSnapshot()
            attack.build(&heap)
            try heap.write(to: directory("hostile"))
            let launcher = ["python3", "\(Package.root)/Tests/Launchers/note-peak.py", directory("peak")]
            for command in [
                ["summary", "hostile"], ["summary", "hostile", "--json", "--all"],
                ["find", "hostile", "--min-size", "1"],
                ["find", "hostile", "--string", "zz"], ["retainers", "hostile", "Target"],
                ["retainers", "hostile", "@5"], ["retainers", "hostile", "@5", "--dominators"],
                ["show", "hostile", "@3"], ["diff", "hostile", "hostile"],
                ["report", "hostile", "-o", "page", "--overwrite"],
                ["export", "hostile", "--sqlite", "database", "--overwrite"],
            ] {
                let run = try Command(launcher + [Heapdump.binary] + command, in: directory.path).run(
                    within: .seconds(60))
                #expect(run.ending == .exited(0) || command[2] == "Target" && run.ending == .exited(66), "\(run)")
                let peak = try #require(Int(String(contentsOfFile: directory("peak"), encoding: .utf8)))
                #expect(peak < 256 << 20, "\(command): \(peak) bytes")
            }
        }
    }
}
